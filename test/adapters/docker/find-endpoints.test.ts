import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findEndpoints } from '../../../electron/adapters/docker/find-endpoints.ts'

let home = ''

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'lockstep-endpoints-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

const find = (environment: Record<string, string>, platform: NodeJS.Platform = 'linux') =>
  findEndpoints({ environment, homeFolder: home, platform })

async function writeConfig(content: string, folder = join(home, '.docker')): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'config.json'), content)
}

async function writeContext(name: string, docker: object, folder = join(home, '.docker')): Promise<string> {
  const hash = createHash('sha256').update(name).digest('hex')
  await mkdir(join(folder, 'contexts', 'meta', hash), { recursive: true })
  const meta = JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker } })
  await writeFile(join(folder, 'contexts', 'meta', hash, 'meta.json'), meta)
  return join(folder, 'contexts', 'tls', hash, 'docker')
}

async function writeTls(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const name of ['ca', 'cert', 'key']) await writeFile(join(folder, `${name}.pem`), name.toUpperCase())
}

describe('the place of a daemon', () => {
  it('is DOCKER_HOST alone, whatever context is chosen', async () => {
    await writeConfig('{"currentContext":"far"}')
    await writeContext('far', { Host: 'tcp://far:1' })
    const found = await find({ DOCKER_HOST: 'unix:///near.sock', DOCKER_CONTEXT: 'far' })
    expect(found).toEqual([
      { address: 'unix:///near.sock', from: 'DOCKER_HOST', target: { kind: 'socket', path: '/near.sock' } },
    ])
  })

  it('is shown without the password of DOCKER_HOST', async () => {
    const [found] = await find({ DOCKER_HOST: 'tcp://me:secret@near:1' })
    expect(JSON.stringify(found)).not.toContain('secret')
    expect(found?.address).toBe('tcp://near:1')
  })

  it('is spoken to with TLS when DOCKER_TLS_VERIFY has any value, with the files of DOCKER_CERT_PATH', async () => {
    await writeTls(join(home, 'certs'))
    const environment = { DOCKER_HOST: 'tcp://near', DOCKER_CERT_PATH: join(home, 'certs') }
    const tls = { ca: 'CA', cert: 'CERT', key: 'KEY', verifies: true }
    const target = { kind: 'tcp', host: 'near', port: 2376, prefix: '', tls }
    expect((await find({ ...environment, DOCKER_TLS_VERIFY: '0' }))[0]?.target).toEqual(target)
    expect((await find({ ...environment, DOCKER_TLS: '1' }))[0]?.target).toEqual({
      ...target,
      tls: { ...tls, verifies: false },
    })
    expect((await find(environment))[0]?.target).toEqual({ ...target, port: 2375, tls: null })
  })

  it('is the context of DOCKER_CONTEXT before the one that is current', async () => {
    await writeConfig('{"currentContext":"far"}')
    await writeContext('far', { Host: 'tcp://far:1' })
    await writeContext('near', { Host: 'ssh://me@near' })
    expect(await find({ DOCKER_CONTEXT: 'near' })).toEqual([
      {
        address: 'ssh://me@near',
        from: 'DOCKER_CONTEXT near',
        target: { kind: 'ssh', host: 'near', user: 'me', port: null, socket: null },
      },
    ])
    expect((await find({}))[0]).toMatchObject({ address: 'tcp://far:1', from: 'context far' })
  })

  it('is the current context of the folder that DOCKER_CONFIG names', async () => {
    const folder = join(home, 'elsewhere')
    await writeConfig('{"currentContext":"far","auths":{}}', folder)
    await writeContext('far', { Host: 'tcp://far:1' }, folder)
    expect((await find({ DOCKER_CONFIG: folder }))[0]?.address).toBe('tcp://far:1')
  })

  it('has the TLS files of its context, and no verification where the context says so', async () => {
    await writeTls(await writeContext('safe', { Host: 'tcp://safe:2376' }))
    await writeContext('loose', { Host: 'tcp://loose:2376', SkipTLSVerify: true })
    expect((await find({ DOCKER_CONTEXT: 'safe' }))[0]?.target).toMatchObject({
      tls: { ca: 'CA', cert: 'CERT', key: 'KEY', verifies: true },
    })
    expect((await find({ DOCKER_CONTEXT: 'loose' }))[0]?.target).toMatchObject({
      tls: { ca: null, verifies: false },
    })
  })

  it('cannot be used when its context is unknown or broken, and nothing else is tried', async () => {
    const [unknown, ...rest] = await find({ DOCKER_CONTEXT: 'nowhere' })
    expect(rest).toEqual([])
    expect(unknown).toEqual({
      address: 'context nowhere',
      from: 'DOCKER_CONTEXT nowhere',
      target: { kind: 'unusable', problem: 'there is no such context' },
    })
    await writeContext('broken', { Hots: 'x' })
    expect((await find({ DOCKER_CONTEXT: 'broken' }))[0]?.target).toEqual({
      kind: 'unusable',
      problem: 'its file names no Docker endpoint',
    })
  })

  it('is looked for in the usual places, in order, when nobody chose one', async () => {
    const places = await find({ XDG_RUNTIME_DIR: '/run/user/7', CONTAINER_HOST: 'ssh://core@pod' })
    expect(places.map(place => place.address)).toEqual([
      'unix:///var/run/docker.sock',
      'unix:///run/user/7/docker.sock',
      `unix://${home}/.docker/run/docker.sock`,
      `unix://${home}/.docker/desktop/docker.sock`,
      `unix://${home}/.colima/default/docker.sock`,
      'ssh://core@pod',
      'unix:///run/user/7/podman/podman.sock',
      'unix:///run/podman/podman.sock',
    ])
    expect((await find({}, 'win32'))[0]?.target).toEqual({ kind: 'socket', path: '//./pipe/docker_engine' })
  })

  it.each([
    ['a context that is called default', '{"currentContext":"default"}'],
    ['an empty context', '{"currentContext":""}'],
    ['a configuration without a context', '{"auths":{}}'],
    ['a configuration that is no JSON', '{'],
  ])('is looked for in the usual places with %s', async (_title, config) => {
    await writeConfig(config)
    expect((await find({}))[0]?.address).toBe('unix:///var/run/docker.sock')
    expect((await find({ DOCKER_CONTEXT: 'default', DOCKER_HOST: '' }))[0]?.from).toBe('the default socket')
  })
})
