/** Where a server can be found: a server has one for each port by which it is known. */
export interface ServerAddress {
  readonly server: string
  /** Service name, aliases, container name, host name and IP addresses. */
  readonly hosts: readonly string[]
  readonly port: number
}

/** Names of the servers that an address may mean; without a port, of all that answer to the host. */
export function findServersAt(
  addresses: readonly ServerAddress[],
  host: string,
  port: number | null,
): readonly string[] {
  const wanted = normalizeHost(host)
  const found = addresses.filter(
    address =>
      (port === null || address.port === port) && address.hosts.some(one => normalizeHost(one) === wanted),
  )
  return [...new Set(found.map(address => address.server))]
}

function normalizeHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/\.$/, '')
}
