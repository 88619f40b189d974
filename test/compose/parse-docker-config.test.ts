import { describe, expect, it } from 'vitest'
import { parseDockerConfig } from '../../electron/compose/parse-docker-config.ts'
import { LockstepError } from '../../shared/failure/failure.ts'

const parse = (service: object, rest: object = {}) =>
  parseDockerConfig(JSON.stringify({ name: 'demo', services: { db: service }, ...rest }))
const readService = (service: object) => parse(service).services.db

describe('parseDockerConfig', () => {
  it('fills what Compose leaves out', () => {
    expect(parse({ image: 'postgres:16', networks: { default: null } })).toEqual({
      name: 'demo',
      services: {
        db: {
          name: 'db',
          image: 'postgres:16',
          build: null,
          containerName: null,
          hostname: null,
          command: null,
          entrypoint: null,
          workingDir: null,
          user: null,
          environment: {},
          labels: {},
          ports: [],
          expose: [],
          volumes: [],
          networks: { default: { aliases: [], ipv4Address: null } },
          networkMode: null,
          dependsOn: {},
          healthcheck: null,
          secrets: [],
          configs: [],
          profiles: [],
          restart: null,
          replicas: 1,
        },
      },
      disabledServices: [],
      networks: {},
      volumes: {},
      secrets: {},
      configs: {},
    })
  })

  it('makes one dollar sign of the two that Compose prints', () => {
    const service = readService({ image: 'i', command: ['a$$b'], environment: { A: '$$$$', B: null } })
    expect(service).toMatchObject({ command: ['a$b'], environment: { A: '$$', B: null } })
  })

  it('reads published ports as text and as number', () => {
    const ports = [
      { mode: 'ingress', target: 5432, published: '5433', protocol: 'tcp', host_ip: '127.0.0.1' },
      { target: 5432, published: 5434 },
      { target: '80', published: '8000-8010', protocol: 'udp', name: 'web', app_protocol: 'http' },
      { target: 81, published: '' },
    ]
    expect(readService({ image: 'i', ports })?.ports).toEqual([
      { target: 5432, published: '5433', hostIp: '127.0.0.1', protocol: 'tcp' },
      { target: 5432, published: '5434', hostIp: null, protocol: 'tcp' },
      { target: 80, published: '8000-8010', hostIp: null, protocol: 'udp' },
      { target: 81, published: null, hostIp: null, protocol: 'tcp' },
    ])
  })

  it('reads dependencies of every version', () => {
    expect(readService({ image: 'i', depends_on: ['a'] })?.dependsOn).toEqual({
      a: { condition: 'service_started', required: true },
    })
    const full = { condition: 'service_healthy', required: false, restart: true }
    expect(
      readService({ image: 'i', depends_on: { a: { condition: 'service_healthy' }, b: full } }),
    ).toMatchObject({
      dependsOn: {
        a: { condition: 'service_healthy', required: true },
        b: { condition: 'service_healthy', required: false },
      },
    })
  })

  it('knows both ways to switch a healthcheck off', () => {
    const none = { test: ['NONE'], interval: null, timeout: null, retries: null, startPeriod: null }
    expect(readService({ image: 'i', healthcheck: { disable: true } })?.healthcheck).toEqual(none)
    expect(readService({ image: 'i', healthcheck: { test: ['NONE'] } })?.healthcheck).toEqual(none)
  })

  it('says null for the default place of a secret, and makes other places absolute', () => {
    const secrets = [
      { source: 'a' },
      { source: 'b', target: '/run/secrets/b' },
      { source: 'c', target: 'd' },
      { source: 'e', target: '/etc/e', mode: '0400' },
    ]
    expect(readService({ image: 'i', secrets })?.secrets.map(grant => grant.target)).toEqual([
      null,
      null,
      '/run/secrets/d',
      '/etc/e',
    ])
  })

  it('takes scale before replicas', () => {
    expect(readService({ image: 'i', deploy: { replicas: 3 } })?.replicas).toBe(3)
    expect(readService({ image: 'i', deploy: { replicas: 0 } })?.replicas).toBe(0)
    expect(readService({ image: 'i', scale: 2, deploy: {} })?.replicas).toBe(2)
  })

  it.each([
    ['not JSON', 'services:'],
    ['no project', '[]'],
    ['a project without name', '{"services":{}}'],
    ['a port that is none', '{"name":"x","services":{"a":{"ports":[{"target":"web"}]}}}'],
    [
      'a mount of an unknown kind',
      '{"name":"x","services":{"a":{"volumes":[{"type":"disk","target":"/x"}]}}}',
    ],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(() => parseDockerConfig(text)).toThrow(LockstepError)
    expect(() => parseDockerConfig(text)).toThrow('compose_invalid')
  })

  it('shows no value of what it refuses', () => {
    const text = '{"name":"x","services":{"a":{"environment":{"PASSWORD":{"value":"hunter2"}}}}}'
    let failure: unknown
    try {
      parseDockerConfig(text)
    } catch (error) {
      if (error instanceof LockstepError) failure = error.failure
    }
    expect(failure).toMatchObject({ kind: 'compose_invalid' })
    expect(JSON.stringify(failure)).not.toContain('hunter2')
  })
})
