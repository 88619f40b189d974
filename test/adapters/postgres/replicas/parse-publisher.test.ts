import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePublisher } from '../../../../electron/adapters/postgres/replicas/parse-publisher.ts'

describe('the place in a connection string', () => {
  it.each<[string, string | null, number, string | null]>([
    ['host=db port=5433 dbname=shop user=u password=secret', 'db', 5433, 'shop'],
    ["password='secret host=evil dbname=evil' host = db dbname='my shop'", 'db', 5432, 'my shop'],
    ["password='it\\'s host=evil' host=db", 'db', 5432, null],
    ['password=one\\ host=evil host=db', 'db', 5432, null],
    ['hostaddr=10.0.0.1 dbname=shop', '10.0.0.1', 5432, 'shop'],
    ['host=a,b port=1,2 dbname=shop', 'a', 1, 'shop'],
    ['host=/run/postgresql dbname=shop', '/run/postgresql', 5432, 'shop'],
    ['dbname=shop', null, 5432, 'shop'],
    ["dbname='postgresql://u:secret@db/shop'", null, 5432, null],
    ['postgresql://u:secret@db:5433/shop?sslmode=disable', 'db', 5433, 'shop'],
    ['postgres://u:se@cret@db/shop', 'db', 5432, 'shop'],
    ['postgres://u:se?cret@db/shop', 'db', 5432, 'shop'],
    ['postgresql://db', 'db', 5432, null],
    ['postgresql://u:secret@[::1]:5434,other:1/shop', '::1', 5434, 'shop'],
    ['postgresql:///shop?host=db&port=5435&password=secret', 'db', 5435, 'shop'],
    ['', null, 5432, null],
  ])('is read from %s', (source, host, port, database) => {
    expect(parsePublisher(source)).toEqual({ host, port, database })
  })

  it('never holds a password, whatever stands in it', () => {
    const secret = fc.string({ minLength: 4 }).map(text => `s3cr3t${text.replaceAll('\0', '')}s3cr3t`)
    fc.assert(
      fc.property(secret, password => {
        const quoted = password.replace(/['\\]/g, '\\$&')
        const sources = [
          `host=db password='${quoted}' dbname=shop`,
          `password='${quoted}' host=db dbname=shop`,
          `postgresql://u:${encodeURIComponent(password)}@db/shop`,
        ]
        for (const source of sources) {
          expect(parsePublisher(source)).toEqual({ host: 'db', port: 5432, database: 'shop' })
        }
      }),
    )
  })
})
