/** After Thursday's deploy: Ben has left, Dev stands in for him on level 2. */
import { proceduresWith } from './procedures.ts';

export default proceduresWith('dev', { name: 'Dev Patel', email: 'dev@example.com', phone: '+12025550104' });
