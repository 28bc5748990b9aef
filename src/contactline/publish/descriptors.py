"""What machines read of a release: Data Package, Croissant, RO-Crate, citation, Zenodo, Hugging Face."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from contactline import schema

Document = dict[str, Any]

TYPES = {  # our column type -> (Table Schema, Croissant)
    "string": ("string", "sc:Text"),
    "integer": ("integer", "sc:Integer"),
    "number": ("number", "sc:Float"),
    "date": ("date", "sc:Date"),
    "boolean": ("boolean", "sc:Boolean"),
}
PARQUET = "application/vnd.apache.parquet"


@cache
def dataset() -> Mapping[str, Any]:
    """Return what `dataset.yml` says of the dataset."""
    said: Mapping[str, Any] = yaml.safe_load((files("contactline") / "publish" / "dataset.yml").read_text("utf-8"))
    return said


@dataclass(frozen=True)
class File:
    """One file of the bundle: its name, size in bytes and SHA-256."""

    name: str
    size: int
    sha256: str

    @classmethod
    def of(cls, name: str, content: bytes) -> "File":
        """Return the file called `name` with `content`."""
        return cls(name, len(content), hashlib.sha256(content).hexdigest())


def text(document: Document) -> str:
    """Return a descriptor as the text of its file."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


# ---- Data Package (v2)
def data_package(version: str, date: str, tables: Mapping[str, File]) -> Document:
    """Return `datapackage.json`: each table as a resource with its Table Schema."""
    said = dataset()
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": said["name"],
        "title": said["title"],
        "description": said["description"].strip(),
        "version": version,
        "created": f"{date}T00:00:00Z",
        "licenses": [
            {"name": said["license"]["id"], "title": said["license"]["title"], "path": said["license"]["url"]}
        ],
        "contributors": [{"title": creator["name"], "roles": ["creator"]} for creator in said["creators"]],
        "keywords": said["keywords"],
        "resources": [_resource(schema.table(name), file, set(tables)) for name, file in tables.items()],
    }


def _resource(table: schema.Table, file: File, present: set[str]) -> Document:
    keys = [
        {
            "fields": [f.name],
            "reference": {"resource": f.references, "fields": [schema.table(f.references).primary_key[0]]},
        }
        for f in table.fields
        if f.references in present and f.references is not None
    ]
    layout: Document = {"fields": [_field(field) for field in table.fields], "primaryKey": list(table.primary_key)}
    return {
        "name": table.name,
        "path": file.name,
        "description": table.row,
        "format": "parquet",
        "mediatype": PARQUET,
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "schema": layout | ({"foreignKeys": keys} if keys else {}),
    }


def _field(field: schema.Field) -> Document:
    rules: Document = {"required": field.required}
    if field.codes:
        rules["enum"] = list(schema.codes(field.codes))
    if field.pattern:
        rules["pattern"] = field.pattern
    for bound in ("minimum", "maximum"):
        if getattr(field, bound) is not None:
            rules[bound] = getattr(field, bound)
    unit = {"unit": field.unit} if field.unit else {}
    return {
        "name": field.name,
        "type": TYPES[field.type][0],
        "description": field.description,
        "constraints": rules,
        **unit,
    }


# ---- Croissant 1.1
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(version: str, date: str, tables: Mapping[str, File]) -> Document:
    """Return `croissant.json`, with the responsible-AI part; references of a table to itself are left out."""
    said = dataset()
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"],
        "name": said["name"],
        "description": said["description"].strip(),
        "version": version,
        "datePublished": date,
        "license": said["license"]["url"],
        "creator": [{"@type": "sc:Organization", "name": creator["name"]} for creator in said["creators"]],
        "keywords": said["keywords"],
        "citeAs": cite(version, date),
        "rai:dataCollection": "Published reports, restated in own words and coded by rule from the restatement.",
        "rai:dataBiases": "English-language reports are over-represented; casualty figures are the claimants' own.",
        "rai:dataLimitations": said["limits"].strip(),
        "rai:personalSensitiveInformation": "Officials by name and office; no private persons.",
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": file.name,
                "name": file.name,
                "contentUrl": file.name,
                "contentSize": f"{file.size} B",
                "encodingFormat": "application/x-parquet",
                "sha256": file.sha256,
            }
            for file in tables.values()
        ],
        "recordSet": [_record_set(schema.table(name), file, set(tables)) for name, file in tables.items()],
    }


def _record_set(table: schema.Table, file: File, present: set[str]) -> Document:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.row,
        "key": [{"@id": f"{table.name}/{key}"} for key in table.primary_key],
        "field": [_croissant_field(table, field, file, present) for field in table.fields],
    }


def _croissant_field(table: schema.Table, field: schema.Field, file: File, present: set[str]) -> Document:
    found: Document = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{field.name}",
        "name": field.name,
        "description": field.description,
        "dataType": TYPES[field.type][1],
        "source": {"fileObject": {"@id": file.name}, "extract": {"column": field.name}},
    }
    if field.references in present and field.references not in (None, table.name):
        key = schema.table(str(field.references)).primary_key[0]
        found["references"] = {"field": {"@id": f"{field.references}/{key}"}}
    return found


# ---- RO-Crate 1.1
def ro_crate(version: str, date: str, described: Sequence[File], lock: Mapping[str, Any]) -> Document:
    """Return `ro-crate-metadata.json`: the files, and from dvc.lock the stages that made the tables.

    Args:
        version: data version.
        date: ISO day of the release.
        described: files of the bundle, without this one.
        lock: the content of dvc.lock.
    """
    said = dataset()
    stages = sorted(lock.get("stages", {}).items())
    root: Document = {
        "@id": "./",
        "@type": "Dataset",
        "name": said["title"],
        "description": said["description"].strip(),
        "version": version,
        "datePublished": date,
        "license": {"@id": said["license"]["url"]},
        "author": [{"@id": "#creator"}],
        "publisher": {"@id": "#creator"},
        "hasPart": [{"@id": file.name} for file in described],
        "mentions": [{"@id": f"#stage-{name}"} for name, _ in stages],
    }
    graph = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        root,
        {
            "@id": said["license"]["url"],
            "@type": "CreativeWork",
            "name": said["license"]["title"],
            "description": f"The licence {said['license']['id']}.",
        },
        {"@id": "#creator", "@type": "Organization", "name": said["creators"][0]["name"]},
        {"@id": "#dvc", "@type": "SoftwareApplication", "name": "DVC", "url": "https://dvc.org", "version": "3"},
        *[_crate_file(file) for file in described],
        *[_crate_action(name, stage, {file.name for file in described}) for name, stage in stages],
    ]
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}


def _crate_file(file: File) -> Document:
    return {"@id": file.name, "@type": "File", "name": file.name, "contentSize": str(file.size), "sha256": file.sha256}


def _crate_action(name: str, stage: Mapping[str, Any], present: set[str]) -> Document:
    made = [out["path"].rsplit("/", 1)[-1] for out in stage.get("outs", [])]
    used = [f"{dep['path']} md5:{dep.get('md5', '')}" for dep in stage.get("deps", [])]
    return {
        "@id": f"#stage-{name}",
        "@type": "CreateAction",
        "name": f"dvc stage {name}",
        "description": f"{stage['cmd']}; from {', '.join(used)}",
        "instrument": {"@id": "#dvc"},
        "result": [{"@id": each} for each in made if each in present],
    }


# ---- citation
def cite(version: str, date: str) -> str:
    """Return how to cite a version."""
    said = dataset()
    creators = ", ".join(creator["name"] for creator in said["creators"])
    return f"{creators} ({date[:4]}). {said['title']}. Version {version}. {said['license']['id']}."


def citation(version: str, date: str) -> str:
    """Return `CITATION.cff`."""
    said = dataset()
    document = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below.",
        "type": "dataset",
        "title": said["title"],
        "abstract": said["description"].strip(),
        "authors": [dict(creator) for creator in said["creators"]],
        "version": version,
        "date-released": date,
        "license": said["license"]["id"],
        "keywords": list(said["keywords"]),
    }
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)


def zenodo(version: str, date: str) -> Document:
    """Return `.zenodo.json`; Zenodo reads it and then ignores CITATION.cff, so both are made from one source."""
    said = dataset()
    return {
        "title": said["title"],
        "upload_type": "dataset",
        "description": said["description"].strip(),
        "creators": [dict(creator) for creator in said["creators"]],
        "version": version,
        "publication_date": date,
        "license": said["license"]["id"].lower(),
        "access_right": "open",
        "keywords": list(said["keywords"]),
    }


def readme(version: str, date: str, rows: Mapping[str, int]) -> str:
    """Return the bundle's README, headed by the `configs` that Hugging Face reads."""
    said = dataset()
    head = {
        "license": said["license"]["id"].lower(),
        "pretty_name": "Contactline",
        "language": ["en"],
        "configs": [{"config_name": name, "data_files": f"{name}.parquet"} for name in rows],
    }
    listed = "\n".join(f"| `{name}.parquet` | {count:,} | {schema.table(name).row} |" for name, count in rows.items())
    return f"""---
{yaml.safe_dump(head, sort_keys=False)}---

# {said["title"]}

Version {version}, {date}. {said["description"].strip()}

| file | rows | a row is |
|---|---|---|
{listed}

Open a table with anything that reads Parquet:

```python
import pandas as pd
events = pd.read_parquet("events.parquet")
```

`codebook.html` says what each column means. `SHA256SUMS` lets you check what you downloaded.

{said["limits"].strip()}

## How to cite

{cite(version, date)}
"""
