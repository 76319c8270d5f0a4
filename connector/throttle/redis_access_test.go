package throttle_test

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/throttle"
	"inferenceconnector/connector/throttle/redistest"
)

// allowed is what the comment of RedisConfig says.
const allowed = "~inference-connector:* +eval +evalsha +time +zrange +zremrangebyscore +zcard +zscore +zadd +pexpire"

const (
	user     = "limiter"
	password = "open-sesame-7c1f0e59"
)

// A user who may do no more than needed is enough.
func TestUserWithFewRights(t *testing.T) {
	for name, test := range map[string]struct {
		rights, database string
	}{
		"as documented":    {allowed, ""},
		"without hello":    {allowed + " -hello", ""},
		"another database": {allowed + " +select", "3"},
	} {
		t.Run(name, func(t *testing.T) {
			s := redistest.Start(t)
			c := raw(t, s)
			do(t, c, "ACL SETUSER "+user+" reset on >"+password+" "+test.rights)
			do(t, c, "ACL SETUSER default off")
			r := ready(t, openWith(t, throttle.RedisConfig{URL: connector.NewSecret("redis://" + user + ":" + password + "@" + s.Address + "/" + test.database)}))
			for range 3 {
				ask(t, r, "a", limit{2, time.Minute})
			}
			if used := c.Info(t.Context(), "keyspace").Val(); !strings.Contains(used, "db"+cmp.Or(test.database, "0")+":keys=") {
				t.Errorf("got other databases used: %s", used)
			}
		})
	}
}

// And each right is needed: the list holds nothing to spare.
func TestUserWithTooFewRights(t *testing.T) {
	s := redistest.Start(t)
	c := raw(t, s)
	for _, right := range strings.Fields(allowed) {
		if right == "+evalsha" || right == "+eval" { // either is tried first
			continue
		}
		t.Run(right, func(t *testing.T) {
			do(t, c, "ACL SETUSER "+user+" reset on >"+password+" "+strings.Replace(allowed, right, "", 1))
			r := openWith(t, throttle.RedisConfig{URL: connector.NewSecret("redis://" + user + ":" + password + "@" + s.Address)})
			for range 2 { // refused means a look at the first slot that will be free
				if _, err := r.Take(t.Context(), right, 1, time.Minute); err != nil {
					return
				}
			}
			if _, err := openWith(t, throttle.RedisConfig{URL: connector.NewSecret("redis://" + user + ":" + password + "@" + s.Address)}).
				Take(t.Context(), right, 1, time.Minute); err == nil {
				t.Errorf("got a decision without %s", right)
			}
		})
	}
}

// The password stands in no error and in no print of anything (S17), whatever fails.
func TestPasswordIsNotTold(t *testing.T) {
	s := redistest.Start(t)
	do(t, raw(t, s), "ACL SETUSER "+user+" reset on >"+password+" "+allowed)
	for name, url := range map[string]string{
		"right":          "redis://" + user + ":" + password + "@" + s.Address,
		"wrong":          "redis://" + user + ":" + password + "-wrong@" + s.Address,
		"another user's": "redis://nobody:" + password + "@" + s.Address,
		"nobody there":   "redis://" + user + ":" + password + "@127.0.0.1:1",
		"no host":        "redis://" + user + ":" + password + "@",
		"bad port":       "redis://" + user + ":" + password + "@127.0.0.1:port",
		"bad escape":     "redis://" + user + ":" + password + "%zz@127.0.0.1",
		"bad database":   "redis://" + user + ":" + password + "@127.0.0.1/x",
		"unknown option": "redis://" + user + ":" + password + "@127.0.0.1/0?" + password + "=1",
		"bad option":     "redis://" + user + ":" + password + "@127.0.0.1/0?pool_size=" + password,
		"another scheme": "http://" + user + ":" + password + "@127.0.0.1",
		"no scheme":      password,
		"control":        "redis://" + user + ":" + password + "\n@127.0.0.1",
	} {
		for _, cluster := range []bool{false, true} {
			t.Run(fmt.Sprint(name, cluster), func(t *testing.T) {
				c := throttle.RedisConfig{URL: connector.NewSecret(url), Cluster: cluster}
				told := fmt.Sprintf("%v %+v %#v", c, c, c)
				r, err := throttle.NewRedis(c)
				told += fmt.Sprintf("%v %+v %#v", err, err, err)
				if err == nil {
					defer r.Close()
					_, err := r.Take(context.Background(), "a", 1, time.Second)
					told += fmt.Sprintf("%v %+v %#v %v", err, err, connector.AsError(err), r.Ready())
				}
				if strings.Contains(told, "sesame") {
					t.Errorf("the password is told: %s", told)
				}
			})
		}
	}
}

// Nothing in the URL changes what is promised here.
func TestURLDoesNotChangePromises(t *testing.T) {
	s := redistest.Start(t)
	w := newWire(t, s.Address)
	r := ready(t, openWith(t, throttle.RedisConfig{URL: connector.NewSecret("redis://" + w.address +
		"/0?max_retries=50&dial_timeout=60s&read_timeout=60s&write_timeout=60s&pool_timeout=60s&pool_size=1&min_idle_conns=9")}))
	w.cut()
	askInVain(t, r, "a")
}
