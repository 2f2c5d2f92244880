export { simulatorService as simulatedService } from '../simulator/service.ts';
