// What types cannot say is said when an agent is declared, with the value, what is wrong with it, and where.
import { expect, test } from 'vitest';
import { defineAgent, defineTool } from '../../../index.ts';
import { common, lookup, run } from './declarations.ts';

const find = defineTool({ ...common, effect: 'read', run });
const agent = { name: 'desk', tools: [find], entities: { Order: {} }, policies: {} };

const tools: readonly [string, () => unknown, string][] = [
	[
		'a name with capitals',
		() => defineTool({ ...common, name: 'Orders.find', effect: 'read', run }),
		'tool "Orders.find": a tool name is lower-case words joined by dots, 40 characters at most',
	],
	[
		'a name with an underscore',
		() => defineTool({ ...common, name: 'orders_find', effect: 'read', run }),
		'tool "orders_find": a tool name is lower-case words joined by dots, 40 characters at most',
	],
	[
		'no time at all',
		() => defineTool({ ...common, timeoutSeconds: 0, effect: 'read', run }),
		'tool orders.find: timeoutSeconds is 0; it must be a whole number from 1 to 840',
	],
	[
		'more time than a session lasts',
		() => defineTool({ ...common, timeoutSeconds: 841, effect: 'read', run }),
		'tool orders.find: timeoutSeconds is 841; it must be a whole number from 1 to 840',
	],
	[
		'a part of a second',
		() => defineTool({ ...common, timeoutSeconds: 1.5, effect: 'read', run }),
		'tool orders.find: timeoutSeconds is 1.5; it must be a whole number from 1 to 840',
	],
	[
		'a key that is never honoured',
		() => defineTool({ ...common, effect: 'replay', keyHonouredForMs: 0, fencedBy: 'runtime', run }),
		`tool orders.find: keyHonouredForMs is 0; it must be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}`,
	],
	[
		'a key that is honoured for ever',
		() => defineTool({ ...common, effect: 'replay', keyHonouredForMs: Number.POSITIVE_INFINITY, fencedBy: 'runtime', run }),
		`tool orders.find: keyHonouredForMs is Infinity; it must be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}`,
	],
	[
		'a delay of more than three days',
		() => defineTool({ ...common, effect: 'lookup', fencedBy: 'runtime', run, lookup, visibleWithinMs: 259_200_001 }),
		'tool orders.find: visibleWithinMs is 259200001; it must be a whole number from 0 to 259200000',
	],
	[
		'a negative delay',
		() => defineTool({ ...common, effect: 'lookup', fencedBy: 'runtime', run, lookup, visibleWithinMs: -1 }),
		'tool orders.find: visibleWithinMs is -1; it must be a whole number from 0 to 259200000',
	],
];
const agents: readonly [string, () => unknown, string][] = [
	[
		'an agent’s name with a dot',
		() => defineAgent({ ...agent, name: 'refund.desk' }),
		'agent "refund.desk": an agent name is 1 to 30 of a-z 0-9 -, a letter first',
	],
	['two tools of one name', () => defineAgent({ ...agent, tools: [find, find] }), 'agent desk: two of its tools share a name'],
	[
		'a resource type without attributes',
		() => defineAgent({ ...agent, entities: {} }),
		'agent desk: tool orders.find is about a Order; name Order in entities, with the attributes that facts give it',
	],
];

test.for([...tools, ...agents])('%s', ([, declare, message]) => {
	expect(declare).toThrow(new TypeError(message));
});

test('what is just within bounds is taken', () => {
	expect(defineTool({ ...common, timeoutSeconds: 840, effect: 'read', run }).timeoutSeconds).toBe(840);
	expect(defineTool({ ...common, effect: 'lookup', fencedBy: 'runtime', run, lookup, visibleWithinMs: 0 }).visibleWithinMs).toBe(0);
	expect(defineAgent(agent)).toMatchObject({
		name: 'desk',
		planner: undefined,
		budget: { steps: 100, turns: 100, spend: null },
		mode: 'enforce',
		settings: [],
		plannerTimeoutSeconds: 60,
	});
	expect([...defineAgent(agent).tools.keys()]).toEqual(['orders.find']);
});
