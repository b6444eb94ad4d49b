/** Stops a run: nothing is planned or granted any more. Steps without an open attempt end denied; open ones are still settled. */
import { append, decideUntilPlaced, type Round } from '../../core/ledger/append.ts';
import { openSteps } from '../../core/ledger/state.ts';
import type { Surroundings } from '../surroundings.ts';

export type CloseEvent = { readonly run: string; readonly by: string; readonly reason: string };
export type CloseAnswer = { is: 'closed'; stillOpen: number[] } | { is: 'closed-before'; how: string };

export function close(event: CloseEvent, around: Surroundings): Promise<CloseAnswer> {
	return decideUntilPlaced(around.reader, event, async (view): Promise<Round<CloseAnswer>> => {
		const { state } = view;
		if (state.closed) return { answer: { is: 'closed-before', how: state.closed.how } };
		const draft = { kind: 'closed', epoch: state.epoch, how: 'stopped', by: event.by } as const;
		const written = await append(around, view, draft, view.key ? { content: { reason: event.reason } } : {});
		if (written.is !== 'written') return 'again';
		return { answer: { is: 'closed', stillOpen: openSteps(written.view.state).map((step) => step.step) } };
	});
}
