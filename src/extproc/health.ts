// grpc.health.v1.HealthCheckResponse { 1: status } as whole gRPC frames; the two answers that the service ever gives.
// https://github.com/grpc/grpc/blob/master/doc/health-checking.md

import { ProtobufWriter } from './protobuf-writer.ts';

const frame = (status: number): Buffer => {
  const writer = new ProtobufWriter(16);
  writer.uint(1, status);
  return writer.finishFrame();
};

export const HEALTH_SERVING: Buffer = frame(1);
export const HEALTH_NOT_SERVING: Buffer = frame(2);
