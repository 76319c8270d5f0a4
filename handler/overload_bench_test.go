package main

import (
	"bytes"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
	"inferenceconnector/connector/throttle"
	"inferenceconnector/handler/callers"
	"inferenceconnector/handler/rest"
	"inferenceconnector/schema"
)

// BenchmarkOverload tells how much longer admitted calls take while ten times as many are offered as may be in
// progress (R24: p99 of what is added at most twice the unloaded). Callers and endpoint run in the same process, so
// that part of what is added is their own: the ratio is an upper bound.
func BenchmarkOverload(b *testing.B) {
	const (
		most      = 32
		thinking  = 100 * time.Millisecond // of the endpoint
		again     = time.Second            // as a refused caller is told
		offered   = 10 * most
		eachPhase = 3 * time.Second
	)
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		time.Sleep(thinking)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{}`)
	}))
	b.Cleanup(target.Close)
	url := cappedConnector(b, target.URL, most)
	for range b.N {
		alone, _ := offerFor(b, url, most/2, eachPhase, again)
		crowded, refusals := offerFor(b, url, offered, eachPhase, again)
		b.ReportMetric(milliseconds(p99(alone)-thinking), "p99-ms-added")
		b.ReportMetric(milliseconds(p99(crowded)-thinking), "p99-ms-added-overloaded")
		b.ReportMetric(float64(p99(crowded)-thinking)/float64(p99(alone)-thinking), "ratio")
		b.ReportMetric(milliseconds(p99(refusals)), "p99-ms-refusal")
	}
	b.ReportMetric(0, "ns/op")
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func p99(took []time.Duration) time.Duration {
	slices.Sort(took)
	return took[len(took)*99/100]
}

func cappedConnector(b *testing.B, target string, most int) string {
	actions, err := schema.Load()
	if err != nil {
		b.Fatal(err)
	}
	e, err := endpoint.New(endpoint.Config{URL: target + "/models", Egress: endpoint.Egress{TrustLoopback: true}})
	if err != nil {
		b.Fatal(err)
	}
	connection := &connector.Connection{Name: "default", Open: true, Calls: 1 << 30, RenewalPeriod: time.Second, Endpoint: e}
	server := httptest.NewServer(rest.New(rest.Config{
		Connector: connector.New([]*connector.Connection{connection}, throttle.NewMemory()),
		Actions:   actions, Callers: &callers.List{}, Log: slog.New(slog.NewJSONHandler(io.Discard, nil)), Memory: connector.NewMemory(128 << 20),
		MaxCalls: most, MaxBodyBytes: 16 << 20, BodyTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second,
	}))
	b.Cleanup(server.Close)
	return server.URL + "/chat/completions?api-version=2024-05-01-preview"
}

// offerFor has so many callers call for a time, and returns how long admitted and refused calls took.
func offerFor(b *testing.B, url string, callers int, d, again time.Duration) (admitted, refused []time.Duration) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers}}
	defer client.CloseIdleConnections()
	body := chatBody(1 << 10)
	end := time.Now().Add(d)
	var mu sync.Mutex
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			time.Sleep(rand.N(again)) // callers do not come in step
			for time.Now().Before(end) {
				began := time.Now()
				reply, err := client.Post(url, "application/json", bytes.NewReader(body))
				if err != nil {
					b.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, reply.Body)
				_ = reply.Body.Close()
				took := time.Since(began)
				mu.Lock()
				if reply.StatusCode == http.StatusOK {
					admitted = append(admitted, took)
				} else {
					refused = append(refused, took)
				}
				mu.Unlock()
				if reply.StatusCode != http.StatusOK {
					time.Sleep(again + rand.N(again/2))
				}
			}
		})
	}
	all.Wait()
	if len(admitted) == 0 {
		b.Fatal("no call was admitted")
	}
	if len(refused) == 0 {
		refused = []time.Duration{0}
	}
	return admitted, refused
}
