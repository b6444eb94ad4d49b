/** `throughline/client`: guarded, idempotent calls for an agent that runs anywhere. @see docs/agents-from-anywhere.md */
export type { Call } from '../core/agent/agent.ts';
export type { Json } from '../core/ids.ts';
export { awsDoors, deployedAt, type ThroughlineClientOptions, throughlineClient } from './aws.ts';
export type { CallAnswer } from './call.ts';
export {
	type Checkpointed,
	type Client,
	type ClientEvent,
	type ClientOptions,
	type Closed,
	clientOver,
	type Opened,
	type Status,
} from './client.ts';
export { DoorClosed, type Doors, UnexpectedAnswer, Unreachable } from './doors.ts';
export type { PatienceOptions } from './patience.ts';
