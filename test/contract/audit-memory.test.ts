import { memoryAudit } from '../../adapters/memory/audit.ts';
import { auditContract } from './audit-contract.ts';

auditContract({ name: 'memory', open: async () => memoryAudit() });
