/** How witnesses are kept: in which order, under which session, and when two copies are of one event. */
import { canonical } from '../ledger/chain.ts';
import type { Witness } from './witness.ts';

/** Orders as `(at, eventID)` do: time has fifteen digits until the year 33658. */
export const orderOf = ({ at, eventID }: Pick<Witness, 'at' | 'eventID'>): string => `${String(at).padStart(15, '0')}#${eventID}`;

/** The access key by which a witness is found; `undefined` for those that no session made. */
export const sessionOf = (witness: Witness): string | undefined =>
	'session' in witness ? (witness.session.accessKeyId ?? undefined) : undefined;

/** Whether two copies say the same of one event. Which copy it was taken from is not of the event. */
export const saysTheSame = (one: Witness, other: Witness): boolean =>
	canonical({ ...one, copy: 'any' }) === canonical({ ...other, copy: 'any' });
