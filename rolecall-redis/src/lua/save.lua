-- KEYS 1 token  2 hold  3 failures   ARGV 1 age  2 lifetime  3 token. The one that was issued later stays.
local time = redis.call('TIME')
local issued = time[1] * 1000 + math.floor(time[2] / 1000) - tonumber(ARGV[1])
local left = tonumber(ARGV[2]) - tonumber(ARGV[1])
if left <= 0 then return 0 end
redis.call('DEL', KEYS[2], KEYS[3])
if tonumber(redis.call('HGET', KEYS[1], 'issued') or 0) > issued then return 0 end
redis.call('HSET', KEYS[1], 'issued', string.format('%.0f', issued), 'lifetime', ARGV[2], 'token', ARGV[3])
redis.call('PEXPIRE', KEYS[1], left)
return 1
