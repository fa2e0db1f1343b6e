-- KEYS 1 lease  2 hold   ARGV 1 owner  2 milliseconds
-- Returns 1: granted (or kept)   0: another client has it   -1: nobody may ask, for so many milliseconds
local hold = redis.call('PTTL', KEYS[2])
if hold > 0 then return { -1, hold } end
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return { 0, math.max(1, redis.call('PTTL', KEYS[1])) } end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return { 1, 0 }
