/**
 * The way that was taken to a server.
 *
 * `direct`: host and port as configured; `published_port`: a port that Docker publishes on this machine;
 * `container_address`: the container's own address, where this machine has a route to it;
 * `container_exec`: a tunnel through `docker exec`, so that nothing has to be published.
 */
export type ServerWay = 'direct' | 'published_port' | 'container_address' | 'container_exec'

/** A way in words, such as for a table. */
export function describeWay(way: ServerWay): string {
  switch (way) {
    case 'direct':
      return 'direct'
    case 'published_port':
      return 'published port'
    case 'container_address':
      return 'container address'
    case 'container_exec':
      return 'tunnel (docker exec)'
  }
}
