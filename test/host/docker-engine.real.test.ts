import { execFileSync } from 'node:child_process'
import { expect, inject } from 'vitest'
import { needs } from '../support/needs.ts'

needs('docker')('the test engine answers and its images run', () => {
  const docker = inject('docker')!
  const run = (...args: string[]): string =>
    execFileSync('docker', ['-H', docker.host, ...args], { encoding: 'utf8' })
  expect(run('run', '--rm', docker.postgresImage, 'postgres', '--version')).toContain('PostgreSQL')
  expect(run('run', '--rm', docker.appImage, '/srv/venv/bin/alembic', '--version')).toContain('alembic')
})
