-- A data key by its number, of that tenant only. $1 number, $2 tenant. Index data_key_pkey.
select id, master, wrapped from data_key where id = $1::int8 and tenant = $2::int8
