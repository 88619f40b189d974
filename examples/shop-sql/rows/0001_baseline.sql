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
