"""The two API servers that are asked the same: how they are reached, and what of an answer counts."""
import base64
import http.client
import json
import re
import ssl
import subprocess
import tempfile
import urllib.parse

# What each server makes up by itself.
VOLATILE = {'uid', 'resourceVersion', 'creationTimestamp', 'selfLink', 'time', 'generation', 'deletionTimestamp', 'deletionGracePeriodSeconds'}


class Server:
    """One server, asked over one connection."""

    def __init__(self, name, url, token=None, ca=None):
        self.name, self.token = name, token
        parts = urllib.parse.urlsplit(url)
        if parts.scheme == 'https':
            context = ssl.create_default_context(cadata=ca)
            self.connection = http.client.HTTPSConnection(parts.hostname, parts.port, context=context, timeout=60)
        else:
            self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)

    def ask(self, method, path, body=None, content_type=None):
        """(status, document or text). A method such as "GET jane,group" is asked as this user, in these groups; without a body
        the type is the one that is accepted."""
        method, _, who = method.partition(' ')
        headers = {'Accept': 'application/json', 'User-Agent': 'differential/1'}
        if self.token:
            headers['Authorization'] = 'Bearer ' + self.token
        if body is None and content_type:
            headers['Accept'] = content_type
        if body is not None:
            headers['Content-Type'] = content_type or 'application/json'
            if not isinstance(body, str):
                body = json.dumps(body)
        self.connection.putrequest(method, path)
        for name, value in headers.items():
            self.connection.putheader(name, value)
        for number, name in enumerate(filter(None, who.split(','))):
            self.connection.putheader('Impersonate-Group' if number else 'Impersonate-User', name)
        if body is not None:
            self.connection.putheader('Content-Length', str(len(body.encode())))
        self.connection.endheaders(body.encode() if body is not None else None)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, text


def of_kubeconfig(name, path):
    """The server of a kubeconfig that the tests' cluster script has written."""
    text = open(path).read()

    def find(key):
        match = re.search(r'^\s*' + key + r':\s*"?([^"\n]+)"?\s*$', text, re.M)
        return match and match.group(1)
    ca = find('certificate-authority-data')
    authority = base64.b64decode(ca).decode() if ca else open(find('certificate-authority')).read()
    return Server(name, find('server'), find('token'), authority)


class Fake:
    """The fake server's program, while the block runs."""

    def __init__(self, program, release='1.20'):
        self.process = subprocess.Popen([program, '--strict', '--authorization', '--kubernetes-version', release], stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()

    def __enter__(self):
        return Server('fake', self.url)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)


def masked(value, key=None):
    """A document without what differs from one server to the next by its nature."""
    if isinstance(value, dict) and {'priority', 'format', 'type'} <= set(value):
        return {k: v for k, v in value.items() if k != 'description'}  # columns are described in everybody's own words
    if isinstance(value, dict):
        return {k: '*' if k in VOLATILE and not isinstance(v, (dict, list)) else masked(v, k) for k, v in value.items()
                if k not in ('managedFields', 'selfLink', 'generation')}
    if isinstance(value, list):
        return [masked(each) for each in value]
    if isinstance(value, str) and re.fullmatch(r'\d+s', value):
        return '<age>'
    if isinstance(value, str):
        value = re.sub(r'\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b', '<uid>', value)
        return re.sub(r'\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ', '<time>', value)
    return value


def part(document, path):
    """What is at a path such as spec.nodeName."""
    for key in path.split('.'):
        document = document.get(key) if isinstance(document, dict) else None
    return {key: document} if isinstance(document, str) else document


def appliers(document):
    """Who has applied what, of an object."""
    if not isinstance(document, dict) or not isinstance(document.get('metadata'), dict):
        return []
    entries = document['metadata'].get('managedFields') or []
    return sorted((e.get('manager'), json.dumps(e.get('fieldsV1'), sort_keys=True)) for e in entries if e.get('operation') == 'Apply')


def differences(path, one, other):
    """Where two masked values are not the same, as lines."""
    if isinstance(one, dict) and isinstance(other, dict):
        found = []
        for key in sorted(set(one) | set(other)):
            found += differences(f'{path}.{key}', one.get(key, '<nothing>'), other.get(key, '<nothing>'))
        return found
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [line for i, (a, b) in enumerate(zip(one, other)) for line in differences(f'{path}[{i}]', a, b)]
    return [] if one == other else [f'{path}: {json.dumps(one)} and {json.dumps(other)}']
