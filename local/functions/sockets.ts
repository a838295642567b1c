/** `node:http` and `node:https` with real sockets, to one address and no other. */
import * as http from 'node:http';

/** @param endpoint  the local AWS, such as `http://127.0.0.1:4510` */
export function socketsTo(endpoint: string) {
  const { hostname, port } = new URL(endpoint);
  return {
    Agent: http.Agent,
    request(options: http.RequestOptions, onResponse?: (response: http.IncomingMessage) => void) {
      if (options.host !== hostname || String(options.port) !== port) {
        throw new Error(`a function called ${options.host}:${options.port}: only ${endpoint} is in reach`);
      }
      return http.request(options, onResponse);
    },
  };
}
