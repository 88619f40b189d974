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
