package throttle_test

import (
	"flag"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"inferenceconnector/connector"
	"inferenceconnector/connector/throttle"
	"inferenceconnector/connector/throttle/redistest"
)

var withCluster = flag.Bool("cluster", true, "test against a cluster of three nodes too")

// A cluster is three masters that share the slots of the key space.
type cluster struct {
	nodes []*redistest.Server
	raw   []*redis.Client
	ids   []string
}

const keySlots = 16384

func startCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{}
	for i := range 3 {
		s := redistest.Start(t, "--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-port", freePort(t))
		node := raw(t, s)
		c.nodes, c.raw = append(c.nodes, s), append(c.raw, node)
		c.ids = append(c.ids, do(t, node, "CLUSTER MYID").(string))
		do(t, node, fmt.Sprintf("CLUSTER ADDSLOTSRANGE %d %d", i*keySlots/3, (i+1)*keySlots/3-1))
		do(t, node, fmt.Sprintf("CLUSTER SET-CONFIG-EPOCH %d", i+1))
	}
	for i, s := range c.nodes[1:] {
		host, port, _ := net.SplitHostPort(s.Address)
		bus := do(t, c.raw[i+1], "CONFIG GET cluster-port").(map[any]any)["cluster-port"].(string)
		do(t, c.raw[0], "CLUSTER MEET "+host+" "+port+" "+bus)
	}
	for _, node := range c.raw {
		waitUntil(t, "the nodes know one another", patience, func() bool {
			info := do(t, node, "CLUSTER INFO").(string)
			return strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:3")
		})
	}
	return c
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return port
}

func (c *cluster) open(t *testing.T, userinfo string) *throttle.Redis {
	t.Helper()
	url := "redis://" + userinfo + c.nodes[0].Address + "?addr=" + c.nodes[1].Address
	return openWith(t, throttle.RedisConfig{URL: connector.NewSecret(url), Cluster: true})
}

// ownerOf returns which node has the slot of a window, and the slot.
func (c *cluster) ownerOf(t *testing.T, window string) (owner int, slot int64) {
	t.Helper()
	slot = do(t, c.raw[0], "CLUSTER KEYSLOT "+keyOf(window)).(int64)
	return int(slot * 3 / keySlots), slot
}

func TestCluster(t *testing.T) {
	if !*withCluster {
		return
	}
	c := startCluster(t)
	before := goroutines()
	for name, test := range map[string]func(*testing.T, *cluster){
		"windows": testClusterWindows, "a user with few rights": testClusterRights, "a slot moves": testClusterMoves,
	} {
		t.Run(name, func(t *testing.T) { test(t, c) })
	}
	t.Run("a node is lost", func(t *testing.T) { testClusterLoss(t, c) }) // last
	waitUntil(t, "its goroutines end", 5*time.Second+slack, func() bool { return goroutines() <= before })
}

// testClusterWindows uses windows on every node, from two processes.
func testClusterWindows(t *testing.T, c *cluster) {
	all := []*throttle.Redis{ready(t, c.open(t, "")), ready(t, c.open(t, ""))}
	owners := map[int]bool{}
	for i := range 30 {
		window := fmt.Sprint("window-", i)
		owner, _ := c.ownerOf(t, window)
		owners[owner] = true
		for n := range 4 {
			if d := ask(t, all[n%2], window, limit{3, time.Hour}); (d.Wait == 0) != (n < 3) {
				t.Fatalf("%s, call %d: got %+v", window, n, d)
			}
		}
	}
	if len(owners) != 3 {
		t.Errorf("got windows on %d nodes, want 3", len(owners))
	}
}

func testClusterRights(t *testing.T, c *cluster) {
	for _, node := range c.raw {
		do(t, node, "ACL SETUSER "+user+" reset on >"+password+" "+allowed+" +cluster|slots +asking")
	}
	for _, node := range c.raw {
		do(t, node, "CONFIG RESETSTAT")
	}
	r := ready(t, c.open(t, user+":"+password+"@"))
	for i := range 30 {
		ask(t, r, fmt.Sprint("few-rights-", i), limit{1, time.Minute})
	}
	for _, node := range c.raw {
		if n := ran(t, node, "command"); n > 0 {
			t.Errorf("got %d questions for all commands there are, want none", n)
		}
	}
}

// testClusterMoves moves the slot of a window to another node while it is used (ASK, then MOVED).
func testClusterMoves(t *testing.T, c *cluster) {
	const window = "wanderer"
	r, l := ready(t, c.open(t, "")), limit{6, time.Hour}
	expect := func(remaining int) {
		t.Helper()
		if d := ask(t, r, window, l); d != (connector.Decision{Remaining: remaining}) {
			t.Fatalf("got %+v, want %d remaining", d, remaining)
		}
	}
	from, slot := c.ownerOf(t, window)
	to := (from + 1) % 3
	expect(5)
	do(t, c.raw[to], fmt.Sprintf("CLUSTER SETSLOT %d IMPORTING %s", slot, c.ids[from]))
	do(t, c.raw[from], fmt.Sprintf("CLUSTER SETSLOT %d MIGRATING %s", slot, c.ids[to]))
	expect(4) // still there
	host, port, _ := net.SplitHostPort(c.nodes[to].Address)
	do(t, c.raw[from], "MIGRATE "+host+" "+port+" "+keyOf(window)+" 0 5000")
	expect(3) // ASK
	expect(2)
	for _, node := range []int{to, from, (from + 2) % 3} {
		do(t, c.raw[node], fmt.Sprintf("CLUSTER SETSLOT %d NODE %s", slot, c.ids[to]))
	}
	expect(1) // MOVED
	expect(0)
	if d := ask(t, r, window, l); d.Wait == 0 {
		t.Errorf("got %+v, want to be refused", d)
	}
}

// testClusterLoss stops a node that has no replica: no decision about its windows, until it is back.
func testClusterLoss(t *testing.T, c *cluster) {
	r := ready(t, c.open(t, ""))
	window := "a"
	for owner, _ := c.ownerOf(t, window); owner != 2; owner, _ = c.ownerOf(t, window) {
		window += "a"
	}
	ask(t, r, window, limit{5, time.Hour})
	c.nodes[2].Suspend()
	askInVain(t, r, window)
	c.nodes[2].Resume()
	waitUntil(t, "decisions are to be had again", 5*time.Second+slack, func() bool {
		_, err := r.Take(t.Context(), window, 5, time.Hour)
		return err == nil && r.Ready()
	})
}
