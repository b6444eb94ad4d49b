"""MiniStack, with what its evaluation of IAM lacks for our policies: the condition keys dynamodb:LeadingKeys, item by item,
and sts:SourceIdentity; and the tags of a session as variables in conditions. Without them, nothing here could read the ledger
or assume a role."""

import contextvars
import dataclasses
import json
import re
import sys

sys.dont_write_bytecode = True
import streams  # noqa: E402, F401

from ministack.core import iam_actions, iam_evaluator
from ministack.services import dynamodb, sts

_body = contextvars.ContextVar("body", default={})
_asked = contextvars.ContextVar("asked", default=None)
_source_identity = contextvars.ContextVar("source_identity", default=None)

context_of_request = iam_actions.dynamodb_service_context
resolve = iam_evaluator._resolve_condition_key
evaluate = iam_evaluator._evaluate_single_condition
trusts = iam_evaluator.evaluate_trust_policy
session_tags = sts._session_tags


def remembering(body):
    """The request's body is what the keys of its items stand in."""
    try:
        parsed = json.loads(body or b"{}")
    except ValueError:
        parsed = {}
    _body.set(parsed if isinstance(parsed, dict) else {})
    return context_of_request(body)


def resolving(key, ctx):
    _asked.set(ctx)
    if key.lower() == "sts:sourceidentity":
        return _source_identity.get()
    if key.lower() != "dynamodb:leadingkeys":
        return resolve(key, ctx)
    return leading_keys(_body.get(), ctx.resource_arn) or None


def leading_keys(body, resource):
    """The partition keys that a request names on one table; none for a scan."""
    name = resource.rsplit(":table/", 1)[-1].split("/")[0]
    items = body.get("TransactItems")
    parts = [part for item in items for part in item.values()] if items else [body]
    return [key for part in parts if str(part.get("TableName", "")).endswith(name) for key in keys_of(part, name)]


def keys_of(part, name):
    index = part.get("IndexName")
    table = dynamodb._tables.get(name) or {}
    described = next((one for one in table.get("GlobalSecondaryIndexes", []) if one["IndexName"] == index), table)
    attribute = next((one["AttributeName"] for one in described.get("KeySchema", []) if one["KeyType"] == "HASH"), None)
    if attribute is None:
        return []
    if "KeyConditionExpression" in part:
        return keys_of_query(part, attribute)
    value = (part.get("Item") or part.get("Key") or {}).get(attribute)
    return list(value.values()) if isinstance(value, dict) else []


def keys_of_query(part, attribute):
    names = {placeholder for placeholder, name in part.get("ExpressionAttributeNames", {}).items() if name == attribute}
    for name in {attribute, *names}:
        found = re.search(rf"(?<![\w#]){re.escape(name)}\s*=\s*(:\w+)", part["KeyConditionExpression"])
        if found:
            return list(part.get("ExpressionAttributeValues", {}).get(found.group(1), {}).values())
    return []


def with_tags(operator, actual, expected):
    """`${aws:PrincipalTag/run}` is the session's own; a session without it matches nothing."""
    ctx = _asked.get()

    def tag(found):
        value = ctx.principal_keys.get(f"aws:principaltag/{found.group(1).lower()}") if ctx else None
        return "\0" if value is None else value

    return evaluate(operator, actual, [re.sub(r"\$\{aws:PrincipalTag/([^}]+)\}", tag, str(one)) for one in expected])


def naming_its_source(params, **options):
    """The first that STS asks of every AssumeRole."""
    _source_identity.set(sts._p(params, "SourceIdentity", None))
    return session_tags(params, **options)


def trusting(document, caller, ctx=None):
    """Who sets a source identity has to be trusted to."""
    if ctx is not None and ctx.action == "sts:AssumeRole" and _source_identity.get() is not None:
        if not trusts(document, caller, dataclasses.replace(ctx, action="sts:SetSourceIdentity")):
            return False
    return trusts(document, caller, ctx)


iam_actions.dynamodb_service_context = remembering
iam_evaluator._resolve_condition_key = resolving
iam_evaluator._evaluate_single_condition = with_tags
iam_evaluator.evaluate_trust_policy = trusting
sts._session_tags = naming_its_source

if __name__ == "__main__":
    from ministack.app import main

    main()
