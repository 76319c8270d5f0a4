package main

import (
	"encoding/json"
	"fmt"
	"slices"
)

// azureBeside changes local.settings.json: timers and queues need a storage account, for which Azurite stands in.
func azureBeside(name, text string, c connections) (string, error) {
	if name != "local.settings.json" || len(c.Schedules)+len(c.queueFunctions()) == 0 {
		return text, nil
	}
	zone, err := c.otherZone()
	if err != nil {
		return "", err
	}
	settings := fmt.Sprintf(`"%s": "UseDevelopmentStorage=true"`, storage)
	if zone != "" {
		settings += fmt.Sprintf(",\n    \"WEBSITE_TIME_ZONE\": %q", zone)
	}
	return put(text, fmt.Sprintf(`"%s": ""`, storage), settings)
}

// azureNotes say what an app needs besides the settings that the connections file names.
func azureNotes(c connections) (notes []string, err error) {
	zone, err := c.otherZone()
	if zone != "" {
		notes = append(notes, fmt.Sprintf("The schedules are in %s: set WEBSITE_TIME_ZONE=%[1]s. Flex Consumption, and so main.bicep, keeps to UTC: "+
			"there, write them in UTC; otherwise take a Premium or Dedicated plan on Linux.", zone))
	}
	if queues := c.queues(); len(queues) > 0 {
		list, _ := json.Marshal(queues) // texts never fail
		notes = append(notes, fmt.Sprintf("main.bicep makes the queues when it gets queues='%s', with the value of each %%NAME%%.", list))
	}
	return notes, err
}

// otherZone is the time zone of all schedules, "" where nothing has to be set for it.
func (c connections) otherZone() (string, error) {
	timers, err := c.timers()
	if err != nil || len(timers) == 0 || timers[0].zone() == "UTC" {
		return "", err
	}
	return timers[0].zone(), nil
}

// queues are all queues that functions read and write, in order.
func (c connections) queues() (names []string) {
	for _, name := range c.queueFunctions() {
		names = append(names, resolvable(c.Triggers[name].Queue))
		if result := c.Triggers[name].ResultQueue; result != "" {
			names = append(names, resolvable(result))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
