import { expect, test } from 'vitest';
import * as z from 'zod';
import { defineAgent } from '../../core/agent/agent.ts';
import { defineTool } from '../../core/agent/tool.ts';
import { cedarSchema } from '../../core/policy/schema.ts';

const tool = (name: string, type: string) =>
	defineTool({
		name,
		description: '',
		effect: 'read',
		input: z.object({ id: z.string() }),
		output: z.json(),
		timeoutSeconds: 1,
		resource: { type, id: (input) => input.id },
		run: async () => null,
	});

const { schema, left } = cedarSchema(
	defineAgent({
		name: 'desk',
		tools: [tool('payments.refund', 'Payment'), tool('orders.get', 'Order')],
		entities: { Payment: { status: 'String', amountCents: 'Long', labels: 'Set', disputed: 'Bool' }, Order: {} },
		policies: {},
	}),
);

test('each tool is an action under its own name, by an Agent on its resource type', () => {
	const { actions } = schema[''];
	expect(Object.keys(actions)).toEqual(['payments.refund', 'orders.get']);
	expect(actions['payments.refund']?.appliesTo).toMatchObject({ principalTypes: ['Agent'], resourceTypes: ['Payment'] });
	expect(actions['orders.get']?.appliesTo).toMatchObject({ principalTypes: ['Agent'], resourceTypes: ['Order'] });
});

test('its context is the input, the approval and what the guard counts', () => {
	const long = { type: 'Long' };
	expect(schema[''].actions['payments.refund']?.appliesTo.context).toEqual({
		type: 'Record',
		attributes: {
			input: { type: 'Record', attributes: { id: { type: 'String', required: true } } },
			approved: { type: 'Boolean' },
			run: { type: 'Record', attributes: { steps: long, attempt: long, ageSeconds: long, spend: long, resumed: long } },
		},
	});
	expect(left).toEqual([]);
});

test('an entity has what facts may give it, all of it optional, and its age', () => {
	expect(schema[''].entityTypes).toEqual({
		Agent: { shape: { type: 'Record', attributes: { ageSeconds: { type: 'Long', required: false } } } },
		Payment: {
			shape: {
				type: 'Record',
				attributes: {
					status: { type: 'String', required: false },
					amountCents: { type: 'Long', required: false },
					labels: { type: 'Set', element: { type: 'String' }, required: false },
					disputed: { type: 'Boolean', required: false },
					ageSeconds: { type: 'Long', required: false },
				},
			},
		},
		Order: { shape: { type: 'Record', attributes: { ageSeconds: { type: 'Long', required: false } } } },
	});
});
