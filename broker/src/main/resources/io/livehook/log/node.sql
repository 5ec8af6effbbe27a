-- The node of this name, made when new. $1 name. Unique index on name.
insert into node (name) values ($1::text) on conflict (name) do update set name = excluded.name returning id
