import type { SimulatedConfig } from '../config/gateway.ts';
import type { Config } from '../config.ts';
import { nodeGet, nodeHeap } from '../node.ts';
import { PORTS, type ServiceSpec, USERS } from '../spec.ts';

/** Our simulator, run under the name `gateway`: everything else of the stack sees a gateway. */
export function simulatorService({ images }: Config, gateway: SimulatedConfig): ServiceSpec {
  return {
    name: 'gateway',
    image: {
      kind: 'built',
      name: 'gatehouse/simulator',
      context: 'simulator',
      args: { BASE_IMAGE: images.node, RUN_AS: String(USERS.simulator) },
    },
    files: [
      { path: 'simulator/Dockerfile', from: { kind: 'copy', source: 'compose/simulator/Dockerfile' } },
      { path: 'simulator/simulator.mjs', from: { kind: 'bundle', entry: 'compose/simulator/src/main.ts' } },
    ],
    user: USERS.simulator,
    environment: environment(gateway),
    publish: [],
    networks: ['api'],
    hostNames: [],
    mounts: [{ kind: 'tmpfs', target: '/tmp', sizeMb: 16, mode: '1777' }],
    capabilities: [],
    readOnlyRoot: true,
    init: false,
    pidsLimit: 64,
    memoryMb: gateway.memoryMb,
    oomScore: 500,
    stopGraceSeconds: 10,
    health: {
      test: nodeGet(PORTS.simulatorControl, '/health'),
      intervalSeconds: 10,
      timeoutSeconds: 15,
      retries: 3,
      startPeriodSeconds: 20,
    },
    waitsFor: [],
  };
}

function environment(gateway: SimulatedConfig): Record<string, string> {
  return {
    NODE_OPTIONS: nodeHeap(gateway.memoryMb),
    SIMULATOR_CONTROL_PORT: String(PORTS.simulatorControl),
    SIMULATOR_HOST: '0.0.0.0',
    SIMULATOR_PORT: String(PORTS.api[gateway.tradingMode]),
    SIMULATOR_READ_ONLY: String(gateway.readOnly),
    SIMULATOR_SEED: String(gateway.seed),
    SIMULATOR_TRADING_MODE: gateway.tradingMode,
  };
}
