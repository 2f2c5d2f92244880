import { createRequire } from 'node:module';
import type { handleUnaryCall, Server, UntypedServiceImplementation } from '@grpc/grpc-js';
import engineServices from '@pulumi/pulumi/proto/engine_grpc_pb.js';
import engineMessages from '@pulumi/pulumi/proto/engine_pb.js';
import resourceServices from '@pulumi/pulumi/proto/resource_grpc_pb.js';
import resourceMessages from '@pulumi/pulumi/proto/resource_pb.js';
import { computed, idOf, type Registered } from './computed.ts';

/** A resource with what the program said about its life. */
export interface RegisteredWithOptions extends Registered {
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  readonly provider: string;
}

/** Pulumi's own copies of what its messages are made with. */
const own = createRequire(import.meta.resolve('@pulumi/pulumi'));
const grpc = own('@grpc/grpc-js') as typeof import('@grpc/grpc-js');
const empty = own(
  'google-protobuf/google/protobuf/empty_pb.js',
) as typeof import('google-protobuf/google/protobuf/empty_pb.js');
const struct = own(
  'google-protobuf/google/protobuf/struct_pb.js',
) as typeof import('google-protobuf/google/protobuf/struct_pb.js');

/** The two services a program under Pulumi's runner talks to, played as far as a first `up` needs them. */
export interface FakeEngine {
  readonly address: string;
  readonly resources: readonly RegisteredWithOptions[];
  /** What the program or the SDK logged, the SDK's debug lines left out. */
  readonly logs: readonly string[];
  /** Outputs of the stack, once registered. */
  readonly outputs: () => Readonly<Record<string, unknown>> | undefined;
  close(): void;
}

export async function fakeEngine(): Promise<FakeEngine> {
  const record = {
    resources: [] as RegisteredWithOptions[],
    logs: [] as string[],
    outputs: undefined as object | undefined,
  };
  const server = new grpc.Server();
  server.addService(resourceServices.ResourceMonitorService, monitor(record) as UntypedServiceImplementation);
  server.addService(engineServices.EngineService, engine(record) as UntypedServiceImplementation);
  const port = await listen(server);
  return {
    address: `127.0.0.1:${port}`,
    resources: record.resources,
    logs: record.logs,
    outputs: () => record.outputs as Record<string, unknown> | undefined,
    close: () => server.forceShutdown(),
  };
}

interface Record_ {
  readonly resources: RegisteredWithOptions[];
  readonly logs: string[];
  outputs: object | undefined;
}

type Answer<Q, A> = (request: Q) => A;

/** A handler that answers at once; an exception becomes an error of the call. */
function answering<Q, A>(answer: Answer<Q, A>): handleUnaryCall<Q, A> {
  return (call, callback) => {
    try {
      callback(null, answer(call.request));
    } catch (error) {
      callback(error as Error, null);
    }
  };
}

function monitor(record: Record_) {
  return {
    supportsFeature: answering(() => new resourceMessages.SupportsFeatureResponse().setHassupport(true)),
    registerResource: answering((request: resourceMessages.RegisterResourceRequest) =>
      register(record, request),
    ),
    registerResourceOutputs: answering((request: resourceMessages.RegisterResourceOutputsRequest) => {
      if (request.getUrn().includes('pulumi:pulumi:Stack'))
        record.outputs = request.getOutputs()?.toJavaScript();
      return new empty.Empty();
    }),
    signalAndWaitForShutdown: answering(() => new empty.Empty()),
  };
}

function register(record: Record_, request: resourceMessages.RegisterResourceRequest) {
  const resource = {
    type: request.getType(),
    name: request.getName(),
    inputs: (request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
    protect: request.getProtect() ?? false,
    ignoreChanges: request.getIgnorechangesList(),
    provider: request.getProvider(),
  };
  record.resources.push(resource);
  const state = struct.Struct.fromJavaScript({ ...resource.inputs, ...computed(resource) } as Record<
    string,
    never
  >);
  const response = new resourceMessages.RegisterResourceResponse();
  response.setUrn(`urn:pulumi:test::gatehouse::${resource.type}::${resource.name}`);
  response.setId(request.getCustom() ? idOf(resource) : '');
  response.setObject(state);
  return response;
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

function listen(server: Server): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) reject(error);
    else resolve(port);
  });
  return promise;
}
