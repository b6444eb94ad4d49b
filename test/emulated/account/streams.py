"""What MiniStack leaves out between a log group and a function: a subscription that hands events on to a stream, and a stream's
batch of which a function says that a part failed."""

import gzip
import json
import logging
import time
import uuid

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch_logs, iam, kinesis, lambda_svc

logger = logging.getLogger("streams")

hand_to_functions = cloudwatch_logs._fanout_to_subscription_filters
put_filter = cloudwatch_logs._put_subscription_filter
execute = lambda_svc._execute_function
poll = lambda_svc._poll_kinesis

# Of batches that were not taken whole: the stream, and the first record to be delivered again.
_failed = []


def handing_on(group, stream, events):
    hand_to_functions(group, stream, events)
    for one in list((cloudwatch_logs._log_groups.get(group) or {}).get("subscriptionFilters", {}).values()):
        pattern = one.get("filterPattern", "")
        matching = [event for event in events if cloudwatch_logs._subscription_pattern_matches(pattern, event.get("message", ""))]
        if ":kinesis:" in one.get("destinationArn", "") and matching:
            put_record(one, {"messageType": "DATA_MESSAGE", "logGroup": group, "logStream": stream}, matching)


def subscribing(data):
    """A destination is sent a message that it can be reached, and one that its role can't reach is none."""
    if ":kinesis:" in data.get("destinationArn", "") and not may_put(data):
        text = "Could not deliver test message to specified Kinesis stream. Check if the given role has the permission."
        return cloudwatch_logs.error_response_json("InvalidParameterException", text, 400)
    answer = put_filter(data)
    if ":kinesis:" in data.get("destinationArn", "") and answer[0] < 400:
        event = {"timestamp": int(time.time() * 1000), "message": "CWL CONTROL MESSAGE: Checking health of destination Kinesis stream."}
        put_record(data, {"messageType": "CONTROL_MESSAGE", "logGroup": "", "logStream": ""}, [event])
    return answer


def put_record(subscription, envelope, events):
    if not may_put(subscription):
        logger.warning("the role of subscription %s may not put into its stream", subscription.get("filterName"))
        return
    logged = [
        {"id": uuid.uuid4().hex, "timestamp": event.get("timestamp", int(time.time() * 1000)), "message": event.get("message", "")}
        for event in events
    ]
    told = {**envelope, "owner": get_account_id(), "subscriptionFilters": [subscription.get("filterName", "")], "logEvents": logged}
    # By log stream, or anywhere.
    key = envelope["logStream"] if subscription.get("distribution") == "ByLogStream" else uuid.uuid4().hex
    kinesis.put_record_internal(subscription["destinationArn"], key or "-", gzip.compress(json.dumps(told).encode()))


def may_put(subscription):
    """Whether logs.amazonaws.com may take on the subscription's role, and that role, within its boundary, may put."""
    name = subscription.get("roleArn", "").rsplit("/", 1)[-1]
    account = get_account_id()
    role = iam._roles.get_scoped(account, None, name) or {}
    trust = role.get("AssumeRolePolicyDocument") or {}
    trust = json.loads(trust) if isinstance(trust, str) else trust
    if not any("logs.amazonaws.com" in json.dumps(one.get("Principal", {})) for one in trust.get("Statement", [])):
        return False
    asked = iam_evaluator.EvalContext(
        principal_arn=f"arn:aws:sts::{account}:assumed-role/{name}/logs",
        principal_type="AssumedRole",
        principal_account=account,
        action="kinesis:PutRecord",
        resource_arn=subscription["destinationArn"],
        region=get_region(),
    )
    policies = iam_evaluator._gather_role_policies(name, account)
    limits = iam_evaluator._permissions_boundary(iam._roles, name, account)
    return iam_evaluator.evaluate(asked, policies, *limits).decision == "Allow"


def executing(function, event, *rest, **options):
    result = execute(function, event, *rest, **options)
    records = event.get("Records") if isinstance(event, dict) else None
    if records and isinstance(records[0], dict) and records[0].get("eventSource") == "aws:kinesis":
        body = result.get("body")
        body = json.loads(body) if isinstance(body, str) and body.startswith("{") else body
        failures = body.get("batchItemFailures") or [] if isinstance(body, dict) else []
        named = {one.get("itemIdentifier") for one in failures}
        first = next((one for one in records if one["kinesis"]["sequenceNumber"] in named), None)
        if first:
            _failed.append((first["eventSourceARN"], *first["eventID"].split(":", 1)))
    return result


def polling():
    """Delivers again from the first record that failed, where the mapping says that functions report such."""
    processed = poll()
    while _failed:
        source, shard, sequence = _failed.pop()
        for account, region, mapping in lambda_svc._iter_all_esms():
            if mapping.get("EventSourceArn") != source or "ReportBatchItemFailures" not in mapping.get("FunctionResponseTypes", []):
                continue
            records = kinesis._streams.get_scoped(account, region, source.rsplit("/", 1)[-1])["shards"][shard]["records"]
            positions = lambda_svc._kinesis_positions.get_scoped(account, region, mapping["UUID"])
            positions[shard] = next(at for at, one in enumerate(records) if one["SequenceNumber"] == sequence)
            lambda_svc._esm_backoff_until.set_scoped(account, region, mapping["UUID"], time.time() + 1)
    return processed


cloudwatch_logs._fanout_to_subscription_filters = handing_on
cloudwatch_logs._put_subscription_filter = subscribing
lambda_svc._execute_function = executing
lambda_svc._poll_kinesis = polling
