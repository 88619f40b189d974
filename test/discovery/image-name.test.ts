import { describe, expect, it } from 'vitest'
import { mayBeSameImage } from '../../electron/discovery/image-name.ts'

const digest = (letter: string) => `sha256:${letter.repeat(64)}`

describe('two image references', () => {
  it.each([
    ['postgres', 'docker.io/library/postgres:latest'],
    ['bitnami/postgresql:17', 'index.docker.io/bitnami/postgresql:17'],
    ['postgres:17', `postgres:17@${digest('a')}`],
    ['postgres:17', digest('b')],
    ['localhost:5000/postgres', 'localhost:5000/postgres:latest'],
  ])('%s and %s may name the same image', (one, other) => {
    expect(mayBeSameImage(one, other)).toBe(true)
    expect(mayBeSameImage(other, one)).toBe(true)
  })

  it.each([
    ['postgres:17', 'postgres:16'],
    ['postgres', 'example.com/postgres'],
    ['postgis/postgis', 'postgres'],
    [`postgres@${digest('a')}`, `postgres@${digest('b')}`],
    ['localhost:5000/postgres:1', 'localhost:5000/postgres:2'],
  ])('%s and %s do not', (one, other) => {
    expect(mayBeSameImage(one, other)).toBe(false)
  })
})
