create table discounts (id integer not null primary key);
