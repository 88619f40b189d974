import { describe, expect, it } from 'vitest'
import { hideCredentials, parseEndpoint } from '../../../electron/adapters/docker/parse-endpoint.ts'

const tls = { ca: 'CA', cert: null, key: null, verifies: true }
const tcp = { kind: 'tcp', port: 2375, prefix: '', tls: null } as const
const ssh = { kind: 'ssh', host: 'builder', user: null, port: null, socket: null } as const

describe('an address of a daemon', () => {
  it.each([
    ['unix:///run/user/1000/docker.sock', { kind: 'socket', path: '/run/user/1000/docker.sock' }],
    ['unix://', { kind: 'socket', path: '/var/run/docker.sock' }],
    ['npipe:////./pipe/docker_engine', { kind: 'socket', path: '//./pipe/docker_engine' }],
    ['tcp://10.0.0.5:2375', { ...tcp, host: '10.0.0.5' }],
    ['tcp://10.0.0.5', { ...tcp, host: '10.0.0.5' }],
    ['10.0.0.5:1234', { ...tcp, host: '10.0.0.5', port: 1234 }],
    ['tcp://[::1]:80/', { ...tcp, host: '::1', port: 80 }],
    ['http://proxy/docker/one/', { ...tcp, host: 'proxy', prefix: 'docker/one' }],
    [
      'https://proxy',
      { ...tcp, host: 'proxy', port: 2376, tls: { ca: null, cert: null, key: null, verifies: true } },
    ],
    ['ssh://builder', ssh],
    ['SSH://me@builder:2222', { ...ssh, user: 'me', port: 2222 }],
    ['ssh://builder/run/user/1000/docker.sock', { ...ssh, socket: '/run/user/1000/docker.sock' }],
  ])('%s is read as the Docker CLI reads it', (address, target) => {
    expect(parseEndpoint(address, null)).toEqual(target)
  })

  it('has the port of TLS, and its files, when TLS is asked for', () => {
    expect(parseEndpoint('tcp://10.0.0.5', tls)).toEqual({ ...tcp, host: '10.0.0.5', port: 2376, tls })
  })

  it.each([
    ['ftp://host', 'the scheme ftp is not known: unix, npipe, tcp, http, https or ssh are'],
    ['tcp://', 'it names no host'],
    ['tcp://host:port', 'it names no host'],
    ['ssh://me:secret@builder', 'an address of ssh holds no password: use a key or an agent'],
    ['ssh://-oProxyCommand=touch', 'a host or user begins with a dash'],
    ['ssh://-l@builder', 'a host or user begins with a dash'],
    ['ssh://builder?x=1', 'an address of ssh has no query'],
    ['ssh://%zz@builder', 'it names no host'],
  ])('%s cannot be used, and says why', (address, problem) => {
    expect(parseEndpoint(address, null)).toEqual({ kind: 'unusable', problem })
  })

  it.each([
    ['tcp://me:secret@host:1', 'tcp://host:1'],
    ['me:secret@host:1', 'host:1'],
    ['ssh://me:secret@host/x', 'ssh://me@host/x'],
    ['ssh://me@host', 'ssh://me@host'],
    ['unix:///var/run/docker.sock', 'unix:///var/run/docker.sock'],
  ])('%s is shown as %s', (address, shown) => {
    expect(hideCredentials(address)).toBe(shown)
  })
})
