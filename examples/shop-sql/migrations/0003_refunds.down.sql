alter table orders drop column total_cents;
drop table refunds;
alter table customers drop constraint customers_email_key;
