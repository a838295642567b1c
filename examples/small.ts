/** Two people, and the defaults of the procedures for all the rest. */
import { defineOperations } from '../functions/operations/define-operations.ts';

export default defineOperations({
  // A critical alert pages Ana at once. While nobody acknowledges it, both of them
  // are paged after 15, 30 and 60 minutes, and then every half hour.
  responders: {
    ana: { email: 'ana@example.com', phone: '+12025550101' },
    ben: { email: 'ben@example.com', phone: '+12025550102' },
  },
});
