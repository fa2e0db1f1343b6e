-- KEYS 1 token  2 hold  3 failures   ARGV 1 age  2 lifetime  3 token  4 refresh token ('': none)  5 its generation
-- An older refresh token never replaces a newer one; of tokens alike in that, the one that was issued later stays.
local time = redis.call('TIME')
local issued = time[1] * 1000 + math.floor(time[2] / 1000) - tonumber(ARGV[1])
local left, generation = tonumber(ARGV[2]) - tonumber(ARGV[1]), tonumber(ARGV[5])
if left <= 0 and ARGV[4] == '' then return 0 end
redis.call('DEL', KEYS[2], KEYS[3])
local known = redis.call('HMGET', KEYS[1], 'issued', 'generation')
local known_issued, known_generation = tonumber(known[1] or 0), tonumber(known[2] or 0)
if known_generation > generation or known_generation == generation and known_issued > issued then return 0 end
redis.call('HSET', KEYS[1], 'issued', string.format('%.0f', issued), 'lifetime', ARGV[2], 'token', ARGV[3],
  'refresh', ARGV[4], 'generation', ARGV[5])
-- One that can be refreshed is of use after its end: for a year.
redis.call('PEXPIRE', KEYS[1], ARGV[4] == '' and left or 31536000000)
return 1
