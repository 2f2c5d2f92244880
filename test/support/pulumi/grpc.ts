import { createRequire } from 'node:module';
import type {
  ClientUnaryCall,
  handleUnaryCall,
  ServiceDefinition,
  ServiceError,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';

/** Pulumi's own copies of what its messages are made with: messages of another copy are refused. */
const own = createRequire(import.meta.resolve('@pulumi/pulumi'));
export const grpc = own('@grpc/grpc-js') as typeof import('@grpc/grpc-js');
export const empty = own(
  'google-protobuf/google/protobuf/empty_pb.js',
) as typeof import('google-protobuf/google/protobuf/empty_pb.js');
const struct = own(
  'google-protobuf/google/protobuf/struct_pb.js',
) as typeof import('google-protobuf/google/protobuf/struct_pb.js');

type Struct = InstanceType<typeof struct.Struct>;

/** A group of values as a message. */
export function toStruct(values: Readonly<Record<string, unknown>>): Struct {
  return struct.Struct.fromJavaScript(values as Record<string, never>);
}

/** The values of a message. */
export function fromStruct(message: Struct | undefined): Record<string, unknown> {
  return (message?.toJavaScript() ?? {}) as Record<string, unknown>;
}

/** A handler whose exceptions become errors of the call. */
export function answering<Q, A>(answer: (request: Q) => A | Promise<A>): handleUnaryCall<Q, A> {
  return async (call, callback) => {
    try {
      callback(null, await answer(call.request));
    } catch (error) {
      callback({ code: grpc.status.UNKNOWN, details: (error as Error).message }, null);
    }
  };
}

/** A server on a port of the system's choosing. */
export interface Served {
  readonly address: string;
  close(): void;
}

export async function serve(
  services: readonly (readonly [ServiceDefinition, UntypedServiceImplementation])[],
): Promise<Served> {
  const server = new grpc.Server(SIZES);
  for (const [service, handlers] of services) server.addService(service, handlers);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) reject(error);
    else resolve(port);
  });
  return { address: `127.0.0.1:${await promise}`, close: () => server.forceShutdown() };
}

/** Pulumi's own limit; a startup script is longer than what gRPC takes by default once it is in a few messages. */
const SIZES = { 'grpc.max_receive_message_length': 400 * 1024 * 1024 };

/** A call of a client as a promise. */
export function ask<Q, A>(
  call: (request: Q, callback: (error: ServiceError | null, response: A) => void) => ClientUnaryCall,
  request: Q,
): Promise<A> {
  return new Promise((resolve, reject) => {
    call(request, (error, response) => (error ? reject(error) : resolve(response)));
  });
}
