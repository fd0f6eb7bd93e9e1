"""Differences between the servers that are on purpose, or not worth their price: docs/fake-apiserver.md tells of them."""
import re

# reason: (pattern of the place, pattern of the difference)
REASONS = {
    'Go\'s parsers have texts of their own': (
        '', r'\.(message|details\.causes\[0\]\.message|details): .*(json parse error|ReadString|ReadMapCB|error decoding YAML|cannot unmarshal|invalid character|legacyscheme|illegal base64)'),
    'the fake server says what it was in a patch that did not apply': ('JSON patch', r'\.message: "the server rejected our request due to an error in our request" and'),
    'as newer servers do, a JSON patch replaces only what is there': (r'JSON patch 8', ''),
    'a merge patch that is no object, or no JSON, is a bad request': (r'merge patch that is (an array|broken)', ''),
    'a finalizer that is wrong is said once': ('wrong finalizers', r'\.(message|details)'),
    'what is sent in another media type is told which one that is': ('', r'\.message: "the body of the request was in an unknown format - '),
    'another type of patch is told which ones there are': ('a patch of no type', ''),
    'a kind that is not known at all is a bad request': ('apply of another kind', ''),
    'custom resources may be created by a path with a name, and real servers tell so of other methods': ('widget: methods that are not', ''),
    'an empty list of a type that has it without omitempty comes back as it was sent': ('role: rules b', r'\.rules: null and \[\]'),
    'any resource may be used, and other paths have nothing': ('paths that are not|^paths, ', ''),
    'as for other objects, a scale need not name its namespace': ('scale without a namespace', ''),
    'a subresource that is not there is looked for before its object': ('subresources that are not', ''),
    'as newer servers do, the item of a list that is wrong is named': ('box: wrong value', r'spec\.(tags|ports)\[\d'),
    'how many properties there are is said, and not how many there may be': ('box: wrong value', 'should have at most 2 properties'),
    'what is not acceptable is told JSON, the only encoding': ('which table', r'\.(message|details): .*(media types|Not Acceptable|<nothing>)'),
    'a wrong name is told before wrong values': ('box: a wrong name and a wrong value', r'\.(message|details)'),
    'values that are objects are shown as JSON and not as Go has them, regular expressions are PCRE2\'s': (
        'definition: (schema, (default with unknown fields|pattern that is none)|no version that is stored)', r'\.(message|details)'),
    'a version\'s name is said to be wrong once': ('definition: a version named V1', r'\.(message|details)'),
    'Go writes the time of a template that has none, as null': ('', r'(creationTimestamp: "\*"|etadata: \{"creationTimestamp": "\*"\}) and "<nothing>"'),
    'what of a pod has changed is not shown in Go': ('a pod is changed', 'pod updates may not change'),
    'as newer servers do, the key of a secret is named': ('refused: secrets', r'data\[%s\]'),
    'as newer servers do, the number of changes of a lease is refused in the usual words': ('refused: leases', 'must to greater'),
}


def reason(where, line):
    for text, (place, difference) in REASONS.items():
        if re.search(place, where) and re.search(difference, line):
            return text
    return None


# The same of scripts that were changed at random.
CUSTOM = r'\((PATCH|PUT|POST|GET|DELETE) /apis/differential'
MUTATIONS = {
    'custom resources may be created by a path with a name, and real servers tell so of other methods': (CUSTOM, r'status: (400|422|500|201) and 405'),
    'what else is wrong with a request is told before its object is looked for': (r'\((PATCH|POST) ', 'status: 404 and 400'),
    'what nobody can read is a bad request, where real servers have internal errors': (r'\((PATCH|POST|DELETE) ', 'status: 500 and 400'),
    'a patch whose result is no object of the API is a bad request': (r'\(PATCH ', 'status: 422 and 400'),
    'bodies of subresources are read for what they must have': (r'/(eviction|binding|scale|token|bindings|finalize)\)$', r'status: (400|422) and (200|201|404|409|422|429|500)'),
    'not all rules of values are there': (r'\((PATCH|PUT|POST) ', r'status: 422 and (200|201)'),
    'a path for subresources is asked for an object that an earlier step made': (r'/(log|token|scale)', r'status: 422 and 404'),
    'Go writes what a condition or a list does not say as null': (r'/(deployments|pods|replicationcontrollers|statefulsets)', r'^\.(spec|status|template).*: null and "<nothing>"'),
    'an empty map is stored as it was sent': ('', r'^\.(data|spec|metadata\.(labels|annotations)|spec\..*): "<nothing>" and (\{\}|\[\])'),
    'an object need not say its kind where its path does': (r'without (kind|apiVersion)|(kind|apiVersion) is ""', r'status: '),
    'limit that is empty is none': ('limit=[&)]', 'status: 400 and 200'),
    'a namespace is finalized by what is sent': ('/finalize|-held', r'^\.spec\.finalizers'),
    'a move of what is not there changes nothing': ('JSON patch 4', 'status: 200 and 422'),
    'who owns a field is asked before whether the object says its kind': (r'apply', 'status: 500 and 409'),
    'of two mistakes either is told': (r'(labels that are none|in another namespace|inner/apiVersion|inner/kind).*(kind|apiVersion)', 'status: (400 and 422|422 and 400)'),
    'items of a schema that are neither a schema nor a list are of a wrong type': ('definition: .*items is ', 'status: (422|201) and 400'),
    'a kind that is no text is no kind of an apply': ('apply', 'status: 400 and 500'),
    'an operation of a JSON patch that adds nothing is refused': (r'JSON patch.*(without \d/value|/value is null)', 'status: 200 and 422'),
    'a resourceVersion in the query of a delete is no precondition': (r'\(DELETE .*resourceVersion=', 'status: 409 and 200'),
    'a scale is not applied': (r'/scale\)', 'status: 422 and 415'),
    'null is nothing to apply': ('apply|lists are whole', r'^\.spec(\.\w+)?: null and "<nothing>"'),
    'nobody tells budgets what they allow': ('eviction', r'^(\.status\.disruptionsAllowed|status: (201 and 429|429 and 201))'),
    'a page of a collection that is deleted does not tell how to continue': (r'\(DELETE .*limit=', r'continue|remainingItemCount'),
    'other paths have nothing, however they are asked': (r'\((POST|PUT|DELETE|PATCH) (jane |NS-jane )?/(metrics|logs)', 'status: '),
    'what is not supported in a schema is refused, also where it says nothing': ('definition: .*(patternProperties|definitions|dependencies)', 'status: 201 and 422'),
    'a resourceVersion that is none is refused, and not taken for 0': ('metadata/resourceVersion is ', 'status: 201 and 500'),
    'managedFields are not applied, whatever is in them': ('apply with managedFields', 'status: 201 and 400'),
    'null is nowhere to put a member': (r'JSON patch .*is \{"a": null\}', 'status: 200 and 422'),
    'each server has namespaces of its own': (r'\(GET /api/v1/namespaces\)', r'^\.items'),
    'a table of nothing has no rows': ('', r'^\.rows: null and \[\]'),
    'discovery is asked for by GET': ('who may discover', 'status: 200 and 405'),
    'fields that there are none of are not kept of what is applied': ('apply|fieldManager', 'status: 500 and (200|201)'),
    'a definition is served at once': ('definition: ', r'^\.status\.(acceptedNames|conditions)'),
    'an empty map of a schema is stored as it was sent': ('definition: ', r'^\.spec\.versions.*"<nothing>" and \{\}'),
    'a default that is null is kept as it was sent': ('definition: ', r'default: "<nothing>" and null'),
    'a resourceVersion that is none is always told in one way': ('resourceVersion=-1', 'status: 400 and 500'),
    'methods that there are none of are told after the path': (r'\(PATCH .*/bindings\)', 'status: 405 and 404'),
    'who applies an empty map owns nothing in it': ('lists are whole.*without spec/places', 'status: 409 and 200'),
    'an array is no text of any format': ('formats: ', 'status: 201 and 422'),
    'what is wrong with managedFields is told after what is wrong with types': ('apply with managedFields', 'status: 400 and 500'),
}


def mutation_reason(where, line):
    for text, (place, difference) in MUTATIONS.items():
        if re.search(place, where) and re.search(difference, line):
            return text
    return reason(where, line)


# What differs from a real server of a release that the fake server plays, by its minor version.
# As above, but the place is a script and its step, and the pattern that of a place in the answer.
# What both match must differ, and nothing else may. release.py reads it.
RELEASES = {
    '1.36': {
    },
}
