package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// azureBeside changes local.settings.json: timers and queues need a storage account, for which Azurite stands in,
// and a connections file needs its own settings in place of those of the short form.
func azureBeside(name, text string, c connections) (_ string, err error) {
	if name != "local.settings.json" || c.text == nil {
		return text, nil
	}
	others := strings.Replace(text, shortForm, "", 1)
	if text, err = put(text, shortForm, c.localSettings(others)); err != nil || len(c.Schedules)+len(c.queueFunctions()) == 0 {
		return text, err
	}
	settings := fmt.Sprintf(`"%s": "UseDevelopmentStorage=true"`, storage)
	if zone := c.otherZone(); zone != "" {
		settings += fmt.Sprintf(",\n    \"WEBSITE_TIME_ZONE\": %q", zone)
	}
	return put(text, fmt.Sprintf(`"%s": ""`, storage), settings)
}

// shortForm are the settings that nobody reads beside a connections file.
const shortForm = `,
    "CONNECTOR_CALLER_KEY": "change-me-change-me-change-me-change-me",
    "AZUREAI_ENDPOINT_URL": "https://team.services.ai.azure.com/models",
    "AZUREAI_ENDPOINT_KEY": "the-key-of-that-endpoint"`

// localSettings are the settings that the connections file names and others does not have, each with a value that
// says what goes there. None is taken for a key, as none of its blanks is allowed in one.
func (c connections) localSettings(others string) string {
	var b strings.Builder
	for _, name := range c.appSettings() {
		key, _ := json.Marshal(name) // texts never fail
		if strings.Contains(others, string(key)+":") {
			continue
		}
		value, _ := json.Marshal("change me: the value of " + strings.Join(c.placesOf(name), " and "))
		fmt.Fprintf(&b, ",\n    %s: %s", key, value)
	}
	return b.String()
}

// placesOf names the places of the connections file that take a setting.
func (c connections) placesOf(setting string) (places []string) {
	var visit func(at string, value any)
	visit = func(at string, value any) {
		switch value := value.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(value)) {
				visit(strings.TrimPrefix(at+"."+name, "."), value[name])
			}
		case []any:
			for i, entry := range value {
				visit(fmt.Sprintf("%s[%d]", at, i), entry)
			}
		case string:
			for _, reference := range appSetting.FindAllStringSubmatch(value, -1) {
				if reference[1] == setting && !slices.Contains(places, at) {
					places = append(places, at)
				}
			}
		}
	}
	visit("", c.root)
	return places
}

// azureNotes say what an app needs besides the settings that the connections file names.
func azureNotes(c connections) (notes []string) {
	if zone := c.otherZone(); zone != "" {
		notes = append(notes, fmt.Sprintf("The schedules are in %s: set WEBSITE_TIME_ZONE=%[1]s. Flex Consumption, and so main.bicep, keeps to UTC: "+
			"there, write them in UTC; otherwise take a Premium or Dedicated plan on Linux.", zone))
	}
	if queues := c.queues(); len(queues) > 0 {
		list, _ := json.Marshal(queues) // texts never fail
		notes = append(notes, fmt.Sprintf("main.bicep makes the queues when it gets queues='%s', with the value of each %%NAME%%.", list))
	}
	return notes
}

// otherZone is the time zone of all schedules, "" where nothing has to be set for it.
func (c connections) otherZone() string {
	timers := c.timers()
	if len(timers) == 0 || timers[0].Zone().String() == "UTC" {
		return ""
	}
	return timers[0].Zone().String()
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
