/**
 * middy: after an unclean end the process exits. A frozen sandbox that is thawed later could otherwise send what the
 * tool had left in flight, minutes after its attempt was judged (S2).
 */
import type { MiddlewareObj } from '@middy/core';
import { isBeforeGrant } from './reticent.ts';

export const endsProcess = (exit: () => void): MiddlewareObj => ({
	onError: (request) => {
		if (!isBeforeGrant(request.error)) exit();
	},
});
