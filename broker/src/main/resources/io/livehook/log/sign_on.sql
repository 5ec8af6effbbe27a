-- R1. A new owner. $1 node.
insert into owner (node_id) values ($1::int8) returning id
