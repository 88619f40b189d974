/**
 * Rows of the demo's shop, about 20,000 with both parts. Computed from row numbers alone: every sandbox has equal content.
 */
export const baselineRows = `
insert into customers (name, email, country, created_at)
select first_name || ' ' || last_name,
       lower(first_name || '.' || last_name) || n || '@example.com',
       (array['NL', 'BE', 'DE', 'FR', 'DK'])[1 + n % 5],
       timestamptz '2024-01-01 08:00:00+00' + n * interval '3 hours 7 minutes'
from generate_series(1, 2000) n,
     lateral (select (array['Ada', 'Bram', 'Chloe', 'Daan', 'Eva', 'Finn', 'Greta', 'Hugo', 'Iris', 'Joost'])[1 + n % 10],
                     (array['Bakker', 'Visser', 'Smit', 'Meyer', 'Jansen', 'Mulder', 'Peeters'])[1 + n % 7]) as names (first_name, last_name);

insert into products (sku, name, price_cents, is_active)
select 'SKU-' || lpad(n::text, 5, '0'),
       (array['Lamp', 'Chair', 'Desk', 'Shelf', 'Clock', 'Rug', 'Vase', 'Mirror'])[1 + n % 8] || ' ' || n,
       495 + (n * 137) % 20000,
       n % 17 <> 0
from generate_series(1, 300) n;

insert into orders (customer_id, status, placed_at)
select 1 + (n * 31) % 2000,
       (array['paid', 'shipped', 'shipped', 'paid', 'new', 'cancelled']::order_status[])[1 + n % 6],
       timestamptz '2025-01-01 09:00:00+00' + n * interval '1 hour 53 minutes'
from generate_series(1, 4000) n;

insert into order_items (order_id, product_id, quantity, unit_price_cents)
select 1 + (n - 1) % 4000, products.id, 1 + n % 4, products.price_cents
from generate_series(1, 9100) n
join products on products.id = 1 + (n * 7) % 300;
`

/** The part that needs the second revision. */
export const billingRows = `
insert into invoices (order_id, number, amount_cents, issued_at)
select orders.id, 'INV-' || lpad(orders.id::text, 6, '0'), order_totals.total_cents, orders.placed_at + interval '1 day'
from orders
join order_totals on order_totals.order_id = orders.id
where orders.status in ('paid', 'shipped')
order by orders.id;

insert into payments (invoice_id, method, amount_cents, paid_at)
select id, (array['card', 'transfer', 'direct_debit']::payment_method[])[1 + id % 3], amount_cents, issued_at + interval '9 days'
from invoices
where id % 11 <> 0
order by id;

update customers set newsletter = true where id % 3 = 0;
`
