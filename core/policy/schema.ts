/**
 * The Cedar schema of an agent, generated from its tools' own input schemas: what a policy may speak of, and
 * what every request is held to (I3).
 * @see docs/design/cedar-schema.md
 */
import type { Agent, EntityAttributes } from '../agent/agent.ts';
import type { Tool } from '../agent/tool.ts';
import { type CedarRecord, type CedarType, cedarInputType } from './cedar-input.ts';

export { cedarInput } from './cedar-input.ts';

type EntityType = { shape: CedarRecord };
type ActionType = { appliesTo: { principalTypes: string[]; resourceTypes: string[]; context: CedarRecord } };

/** A Cedar schema in its JSON form. It has one namespace, the empty one. */
export type CedarSchema = { '': { entityTypes: Record<string, EntityType>; actions: Record<string, ActionType> } };

/** What the guard counts for a run, in `context.run`. */
const run: CedarRecord = {
	type: 'Record',
	attributes: {
		steps: { type: 'Long' },
		attempt: { type: 'Long' },
		ageSeconds: { type: 'Long' },
		spend: { type: 'Long' },
		resumed: { type: 'Long' },
	},
};

/**
 * The schema that an agent's policies are validated against and its requests must fit.
 *
 * An action for each tool, under the tool's name, by an `Agent` on the tool's resource type, in the context
 * `{ input, approved, run }`. Facts may or may not be there, so no attribute of an entity is required, and each has
 * its `ageSeconds`. `left` names the input attributes that Cedar has no type for; policies can't see them.
 *
 * @see docs/guide.md#policies
 */
export function cedarSchema(agent: Pick<Agent, 'tools' | 'entities'>): { readonly schema: CedarSchema; readonly left: readonly string[] } {
	const tools = [...agent.tools.values()];
	const entities = Object.entries({ Agent: {}, ...agent.entities });
	return {
		schema: {
			'': {
				entityTypes: Object.fromEntries(entities.map(([type, attributes]) => [type, { shape: shapeOf(attributes) }])),
				actions: Object.fromEntries(tools.map((tool) => [tool.name, actionOf(tool)])),
			},
		},
		left: tools.flatMap((tool) => cedarInputType(tool).left),
	};
}

function shapeOf(attributes: EntityAttributes): CedarRecord {
	const types = Object.entries(attributes).map(([name, type]) => [name, { ...attributeType(type), required: false }]);
	return { type: 'Record', attributes: { ...Object.fromEntries(types), ageSeconds: { type: 'Long', required: false } } };
}

function attributeType(type: EntityAttributes[string]): CedarType {
	switch (type) {
		case 'Bool':
			return { type: 'Boolean' };
		case 'Set':
			return { type: 'Set', element: { type: 'String' } };
		default:
			return { type };
	}
}

function actionOf(tool: Tool): ActionType {
	const context: CedarRecord = {
		type: 'Record',
		attributes: { input: cedarInputType(tool).type, approved: { type: 'Boolean' }, run },
	};
	return { appliesTo: { principalTypes: ['Agent'], resourceTypes: [tool.resource.type], context } };
}
