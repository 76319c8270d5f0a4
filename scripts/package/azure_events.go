package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// storage is the app setting that says where queues are, and where the host keeps the state of timers.
const storage = "AzureWebJobsStorage"

// eventFunctions are the functions without HTTP: one per schedule, and one per trigger with a queue.
func eventFunctions(c connections) (files []file) {
	for _, t := range c.timers() {
		files = append(files, functionFile(t.name, map[string]any{
			"type": "timerTrigger", "direction": "in", "name": "timer", "schedule": t.NCRONTAB(), "useMonitor": true,
		}))
	}
	for _, name := range c.queueFunctions() {
		t := c.Triggers[name]
		bindings := []map[string]any{queueBinding("queueTrigger", "in", "message", t.Queue)}
		if t.ResultQueue != "" {
			bindings = append(bindings, queueBinding("queue", "out", "result", t.ResultQueue))
		}
		files = append(files, functionFile(name, bindings...))
	}
	return files
}

// queueBinding names app settings in Functions' own way.
func queueBinding(kind, direction, name, queue string) map[string]any {
	return map[string]any{"type": kind, "direction": direction, "name": name, "queueName": resolvable(queue), "connection": storage}
}

func resolvable(queue string) string { return appSetting.ReplaceAllString(queue, "%$1%") }

func functionFile(name string, bindings ...map[string]any) file {
	text, _ := json.MarshalIndent(map[string]any{"bindings": bindings}, "", "  ") // texts and truths never fail
	return file{name + "/function.json", 0o644, text}
}

// queueFunctions are the triggers with a queue, in order.
func (c connections) queueFunctions() (names []string) {
	for _, name := range slices.Sorted(maps.Keys(c.Triggers)) {
		if c.Triggers[name].Queue != "" {
			names = append(names, name)
		}
	}
	return names
}

// severalZones refuses what an app cannot have: it fires all its timers in one time zone.
func severalZones(timers []timer) error {
	zones := map[string][]string{}
	for _, t := range timers {
		zones[t.Zone().String()] = append(zones[t.Zone().String()], t.name)
	}
	if len(zones) < 2 {
		return nil
	}
	var parts []string
	for _, zone := range slices.Sorted(maps.Keys(zones)) {
		parts = append(parts, fmt.Sprintf("%s (%s)", zone, strings.Join(zones[zone], ", ")))
	}
	return fmt.Errorf("schedules have %d time zones, and a function app has one: %s; write all in one, or package an app for each",
		len(zones), strings.Join(parts, ", "))
}

// hostFile is host.json. Queues need the extension bundle, which HTTP and timers do without. A failed message
// waits a minute, so that its five attempts outlast the limit of a connection.
func hostFile(c connections) ([]byte, error) {
	text, err := os.ReadFile("host.json")
	if err != nil || len(c.queueFunctions()) == 0 {
		return text, err
	}
	var host map[string]any
	if err := json.Unmarshal(text, &host); err != nil {
		return nil, fmt.Errorf("host.json: %w", err)
	}
	extensions, ok := host["extensions"].(map[string]any)
	if !ok {
		return nil, errors.New("host.json has no extensions")
	}
	extensions["queues"] = map[string]any{"visibilityTimeout": "00:01:00"}
	host["extensionBundle"] = map[string]any{"id": "Microsoft.Azure.Functions.ExtensionBundle", "version": "[4.*, 5.0.0)"}
	return json.MarshalIndent(host, "", "  ")
}
