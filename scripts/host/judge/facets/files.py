"""The files that a save wrote: the format must declare each of them, and none may be missing."""

import fnmatch

from host.judge.result import not_compared, of_places

ORDER = 130
NAME = "files on disk"
MEANING = "What lies on disk, against the files that the format declares."
MUST_BE = "equal"
OWED = True


def compare(pair):
    fmt, paths = pair.path.fmt, [f["path"] for f in pair.manifest.get("files", ())]
    if not paths and not fmt.FILES:
        return not_compared("the format leaves no file")
    known = [*fmt.FILES, *fmt.OPTIONAL_FILES]
    detail = [f"{p}: not explained by the format" for p in paths if not any(fnmatch.fnmatch(p, g) for g in known)]
    detail += [f"{glob}: missing" for glob in fmt.FILES if not fnmatch.filter(paths, glob)]
    detail += [f"{f}: not an empty folder" for f in fmt.EMPTY if f not in pair.manifest.get("empty_folders", ())]
    return of_places(detail, len(paths))


def explained(files, fmt):
    """The files of a manifest, each with the format's explanation."""
    known = {**fmt.OPTIONAL_FILES, **fmt.FILES, "*": "not explained by the format, but written nevertheless"}
    return [
        dict(f, explanation=next(text for glob, text in known.items() if fnmatch.fnmatch(f["path"], glob)))
        for f in files
    ]
