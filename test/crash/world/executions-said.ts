/** Where executions stand, told apart by where they are in the list and not by how many there were before them. */
import type { Numbering } from './numbering.ts';
import type { Execution } from './world.ts';

export function executionsSaid(executions: readonly Execution[], objectNumber: Numbering['objectNumber']): unknown {
	const place = (id: number): number => executions.findIndex((execution) => execution.id === id);
	return executions.map((execution) => [
		objectNumber(execution, said),
		execution.parent && place(execution.parent.id),
		waitedFor(execution.standing).map(place),
	]);
}

const said = ({ id: _id, parent, standing, ...execution }: Execution): unknown => [
	execution,
	parent && (parent.branch ?? null),
	withoutNumbers(standing),
];

type Standing = Execution['standing'];
function withoutNumbers(standing: Standing): unknown {
	if (standing.is === 'started') return { ...standing, execution: 0 };
	if (standing.is === 'map') return { ...standing, branches: standing.branches.map(withoutNumbers) };
	return standing;
}

/** The executions that it waits for, in the order in which its states name them. */
function waitedFor(standing: Standing): readonly number[] {
	if (standing.is === 'started') return [standing.execution];
	return standing.is === 'map' ? standing.branches.flatMap(waitedFor) : [];
}
