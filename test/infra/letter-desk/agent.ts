/** An agent whose tools ask AWS for something: one of each kind of role, and names that are too long to deploy as they are. */
import { defineAgent, defineTool } from 'throughline';
import * as z from 'zod';

const LETTERS = 'arn:aws:s3:::letters';
const id = z.string().regex(/^[a-z0-9-]{1,40}$/);
const written = z.object({ letter: z.string().max(80) });

const put = defineTool({
	name: 'letters.put',
	description: 'Stores a letter.',
	effect: 'lookup',
	fencedBy: 'credentials',
	visibleWithinMs: 0,
	input: z.strictObject({ customer: id, letter: id, text: z.string() }),
	output: written,
	timeoutSeconds: 10,
	resource: { type: 'Letter', id: ({ letter }) => letter },
	access: ({ customer, letter }) => [{ actions: ['s3:PutObject'], resources: [`${LETTERS}/${customer}/${letter}`] }],
	grants: [{ actions: ['s3:PutObject'], resources: [`${LETTERS}/*`] }],
	lookupAccess: ({ customer, letter }) => [{ actions: ['s3:GetObject'], resources: [`${LETTERS}/${customer}/${letter}`] }],
	lookupGrants: [{ actions: ['s3:GetObject'], resources: [`${LETTERS}/*`] }],
	run: async ({ letter }) => ({ letter }),
	lookup: async () => ({ absent: true }),
});

const count = defineTool({
	name: 'letters-of-the-whole-department.countup',
	description: 'Counts a letter.',
	effect: 'transaction',
	tables: ['counts', 'totals'],
	input: z.strictObject({ letter: id }),
	output: written,
	timeoutSeconds: 10,
	resource: { type: 'Letter', id: ({ letter }) => letter },
	run: async ({ letter }) => ({ output: { letter }, writes: [{ table: 'counts', key: letter, add: { count: 1 } }] }),
});

const recount = defineTool({
	name: 'letters-of-the-whole-department.countall',
	description: 'Tells how many letters there are.',
	effect: 'read',
	input: z.strictObject({ letter: id }),
	output: written,
	timeoutSeconds: 10,
	resource: { type: 'Letter', id: ({ letter }) => letter },
	run: async ({ letter }) => ({ letter }),
});

export default defineAgent({
	name: 'letter-desk',
	planner: () => ({ finish: null }),
	tools: [put, count, recount],
	entities: { Letter: {} },
	policies: {},
});
