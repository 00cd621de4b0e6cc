/** Prints the settings that a process with a task's permissions can see; run by `settings_test.ts`. */
console.log(JSON.stringify(Object.keys(Deno.env.toObject()).sort()));
