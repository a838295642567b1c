/** Teams for tests. */
import { defineOperations } from '../../functions/operations/define-operations.ts';

/** One person on each of the four levels, with email and phone; every default of the procedures. */
export const fourLevels = defineOperations({
  responders: {
    ana: { name: 'Ana', email: 'ana@example.com', phone: '+12025550101' },
    ben: { name: 'Ben', email: 'ben@example.com', phone: '+12025550102' },
    cleo: { name: 'Cleo', email: 'cleo@example.com', phone: '+12025550103' },
    dan: { name: 'Dan', email: 'dan@example.com', phone: '+12025550104' },
  },
  levels: [['ana'], ['ben'], ['cleo'], ['dan']],
});
