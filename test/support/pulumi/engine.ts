import engineServices from '@pulumi/pulumi/proto/engine_grpc_pb.js';
import engineMessages from '@pulumi/pulumi/proto/engine_pb.js';
import resourceServices from '@pulumi/pulumi/proto/resource_grpc_pb.js';
import resourceMessages from '@pulumi/pulumi/proto/resource_pb.js';
import { Deployment, type Goal, type State, type Step } from './deployment.ts';
import { Google } from './google.ts';
import { answering, empty, fromStruct, serve, toStruct } from './grpc.ts';
import { serveProvider } from './provider.ts';

export interface EngineOptions {
  /** What earlier runs left; a first `up` starts from nothing. */
  readonly state?: State;
  /** The cloud behind the provider; one that is empty and refuses nothing by default. */
  readonly google?: Google;
}

/** The two services a program under Pulumi's runner talks to, and a provider behind them. */
export interface FakeEngine {
  readonly address: string;
  /** What the program registered, in that order. */
  readonly resources: readonly Goal[];
  /** What was done about it. */
  readonly steps: readonly Step[];
  /** What the program, the SDK or the engine logged, the SDK's debug lines left out. */
  readonly logs: readonly string[];
  /** Outputs of the stack, once registered. */
  readonly outputs: () => Readonly<Record<string, unknown>> | undefined;
  /** Ends a run that went well: deletes what is gone from the program. */
  finish(): Promise<void>;
  close(): void;
}

interface Record_ {
  readonly resources: Goal[];
  readonly logs: string[];
  readonly deployment: Deployment;
  outputs: Readonly<Record<string, unknown>> | undefined;
}

export async function fakeEngine(options: EngineOptions = {}): Promise<FakeEngine> {
  const provider = await serveProvider(options.google ?? new Google(new Map()));
  const deployment = new Deployment(options.state ?? new Map(), provider.address);
  const record: Record_ = { resources: [], logs: [], deployment, outputs: undefined };
  const server = await serve([
    [resourceServices.ResourceMonitorService as never, monitor(record) as never],
    [engineServices.EngineService as never, engine(record) as never],
  ]);
  return {
    address: server.address,
    resources: record.resources,
    steps: deployment.steps,
    logs: record.logs,
    outputs: () => record.outputs,
    finish: () => deployment.finish(),
    close: () => {
      server.close();
      deployment.close();
      provider.close();
    },
  };
}

function monitor(record: Record_) {
  return {
    supportsFeature: answering(() => new resourceMessages.SupportsFeatureResponse().setHassupport(true)),
    registerResource: answering((request: resourceMessages.RegisterResourceRequest) =>
      register(record, request),
    ),
    registerResourceOutputs: answering((request: resourceMessages.RegisterResourceOutputsRequest) => {
      if (request.getUrn().includes('pulumi:pulumi:Stack')) record.outputs = fromStruct(request.getOutputs());
      return new empty.Empty();
    }),
    signalAndWaitForShutdown: answering(() => new empty.Empty()),
  };
}

async function register(record: Record_, request: resourceMessages.RegisterResourceRequest) {
  const goal = goalOf(request);
  record.resources.push(goal);
  try {
    const { urn, id, inputs, outputs } = await record.deployment.register(goal);
    const response = new resourceMessages.RegisterResourceResponse().setUrn(urn).setId(id);
    return response.setObject(toStruct({ ...inputs, ...outputs }));
  } catch (error) {
    record.logs.push((error as Error).message);
    throw error;
  }
}

function goalOf(request: resourceMessages.RegisterResourceRequest): Goal {
  const [type, name] = [request.getType(), request.getName()];
  return {
    urn: `urn:pulumi:test::gatehouse::${type}::${name}`,
    type,
    name,
    inputs: fromStruct(request.getObject()),
    custom: request.getCustom(),
    protect: request.getProtect() ?? false,
    ignoreChanges: request.getIgnorechangesList(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    provider: request.getProvider(),
  };
}

function engine(record: Record_) {
  return {
    log: answering((request: engineMessages.LogRequest) => {
      if (request.getSeverity() > engineMessages.LogSeverity.DEBUG) record.logs.push(request.getMessage());
      return new empty.Empty();
    }),
    getRootResource: answering(() => new engineMessages.GetRootResourceResponse()),
    setRootResource: answering(() => new engineMessages.SetRootResourceResponse()),
  };
}
