import type { EndpointTarget, TlsSettings } from './endpoint.ts'

const plainPort = 2375
const tlsPort = 2376

/** Reads an address as the Docker CLI does; what cannot be used says why. */
export function parseEndpoint(address: string, tls: TlsSettings | null): EndpointTarget {
  const [scheme, rest] = splitScheme(address)
  switch (scheme) {
    case 'unix':
      return { kind: 'socket', path: rest === '' ? '/var/run/docker.sock' : rest }
    case 'npipe':
      return { kind: 'socket', path: rest === '' ? '//./pipe/docker_engine' : rest }
    case 'tcp':
    case 'http':
      return parseTcp(rest, tls)
    case 'https':
      return parseTcp(rest, tls ?? { ca: null, cert: null, key: null, verifies: true })
    case 'ssh':
      return parseSsh(rest)
    default:
      return unusable(`the scheme ${scheme} is not known: unix, npipe, tcp, http, https or ssh are`)
  }
}

/** The address without a password, and without a user where that is none of ssh. */
export function hideCredentials(address: string): string {
  const [scheme, rest] = splitScheme(address)
  const shown = scheme === 'ssh' ? rest.replace(/^([^/@]*?):[^/]*@/, '$1@') : rest.replace(/^[^/]*@/, '')
  return address.includes('://') ? `${scheme}://${shown}` : shown
}

/** An address without a scheme is one of TCP. */
function splitScheme(address: string): readonly [scheme: string, rest: string] {
  const at = address.indexOf('://')
  return at < 0 ? ['tcp', address] : [address.slice(0, at).toLowerCase(), address.slice(at + 3)]
}

function parseTcp(rest: string, tls: TlsSettings | null): EndpointTarget {
  const url = parseUrl(rest)
  if (url === null || url.hostname === '') return unusable('it names no host')
  return {
    kind: 'tcp',
    host: withoutBrackets(url.hostname),
    port: url.port === '' ? (tls === null ? plainPort : tlsPort) : Number(url.port),
    prefix: url.pathname.replace(/^\/+|\/+$/g, ''),
    tls,
  }
}

function parseSsh(rest: string): EndpointTarget {
  const url = parseUrl(rest)
  if (url === null || url.hostname === '') return unusable('it names no host')
  if (url.password !== '') return unusable('an address of ssh holds no password: use a key or an agent')
  const host = withoutBrackets(url.hostname)
  const user = url.username === '' ? null : decodeURIComponent(url.username)
  // ssh would take it for an option.
  if (host.startsWith('-') || user?.startsWith('-')) return unusable('a host or user begins with a dash')
  if (url.search !== '' || url.hash !== '') return unusable('an address of ssh has no query')
  return {
    kind: 'ssh',
    host,
    user,
    port: url.port === '' ? null : Number(url.port),
    socket: url.pathname === '' || url.pathname === '/' ? null : decodeURIComponent(url.pathname),
  }
}

/** With a scheme that has no default port, so that a port that is named stays, and a path that is not named is empty. */
function parseUrl(rest: string): URL | null {
  try {
    const url = new URL(`endpoint://${rest}`)
    decodeURIComponent(`${url.username}${url.pathname}`)
    return url
  } catch {
    return null
  }
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}

function unusable(problem: string): EndpointTarget {
  return { kind: 'unusable', problem }
}
