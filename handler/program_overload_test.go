package main_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// testOverload offers ten times what may be in progress, to an endpoint that answers nobody: who is above is told
// at once, and nobody waits in a queue (R24).
func (p program) testOverload(t *testing.T) {
	const most = 16
	m := newHangingModel(t, "application/json", `{}`)
	file := writeInto(t, "connections.json", `{"connections":{"default":{"endpoint":"`+m.URL+`/models"}}}`)
	r := p.start(t, []string{"CONNECTOR_CONNECTIONS_FILE=" + file, fmt.Sprintf("CONNECTOR_MAX_CALLS=%d", most)})
	large := []byte(say("m", strings.Repeat("word ", 500), ""))
	admitted := offer(t, r.url+programChat, most, large)
	m.await(t, most)
	for e := range offer(t, r.url+programChat, 10*most, large) {
		if e.isOverload(t); e.took > 2*time.Second { // the promise is 50 ms, the rest is for a busy machine
			t.Errorf("a refusal took %v", e.took)
		}
	}
	for _, path := range []string{"/", "/healthz", "/readyz"} {
		response, err := http.Get(r.url + path)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		same(t, "status of "+path, response.StatusCode, http.StatusOK)
	}
	same(t, "calls that arrived beside them", len(m.arrived), 0)
	close(m.leave)
	for e := range admitted {
		same(t, "status of a call that was admitted", e.status, http.StatusOK)
	}
	after := r.post(t, programChat, string(large))
	same(t, "status of the next", after.StatusCode, http.StatusOK)
	same(t, "slots that are left", after.Header.Get("x-ratelimit-remaining-requests"), fmt.Sprint(100-most-1)) // refusals took none
}

// testHungEndpoint has one connection whose endpoint hangs, with as many calls as it may have, and more.
func (p program) testHungEndpoint(t *testing.T) {
	hung, well := newHangingModel(t, "application/json", `{}`), newHangingModel(t, "application/json", `{}`)
	close(well.leave)
	file := writeInto(t, "connections.json", `{"connections":{
		"hung":{"endpoint":"`+hung.URL+`/models","rateLimit":{"calls":150}}, "well":{"endpoint":"`+well.URL+`/models"}}}`)
	r := p.start(t, []string{"CONNECTOR_CONNECTIONS_FILE=" + file})
	large := []byte(say("m", strings.Repeat("word ", 500), ""))
	admitted := offer(t, r.url+"/connections/hung"+programChat, 150, large) // not 128: its limit is higher
	hung.await(t, 150)
	for e := range offer(t, r.url+"/connections/hung"+programChat, 20, large) {
		e.isOverload(t)
	}
	for e := range offer(t, r.url+"/connections/well"+programChat, 50, large) {
		same(t, "status on the other connection", e.status, http.StatusOK)
	}
	close(hung.leave)
	for e := range admitted {
		same(t, "status of a call that was admitted", e.status, http.StatusOK)
	}
}
