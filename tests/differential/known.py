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
    'any field may be selected': (r'fieldSelector=spec.none', ''),
    'another type of patch is told which ones there are': ('a patch of no type', ''),
    'a kind that is not known at all is a bad request': ('apply of another kind', ''),
    'custom resources may be created by a path with a name, and real servers tell so of other methods': ('widget: methods that are not', ''),
    'an empty list of a type that has it without omitempty comes back as it was sent': ('role: rules b', r'\.rules: null and \[\]'),
    'any resource may be used, and other paths have nothing': ('paths that are not', ''),
    'as for other objects, a scale need not name its namespace': ('scale without a namespace', ''),
    'a subresource that is not there is looked for before its object': ('subresources that are not', ''),
}


def reason(where, line):
    for text, (place, difference) in REASONS.items():
        if re.search(place, where) and re.search(difference, line):
            return text
    return None
