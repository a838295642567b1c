/** The team as it begins the week. */
import { proceduresWith } from './procedures.ts';

export default proceduresWith('ben', {
  name: 'Ben Okafor',
  email: 'ben@example.com',
  phone: '+12025550102',
});
