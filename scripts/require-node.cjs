// Loaded in front of every script (node -r), before a too old Node can stumble over syntax it does not know; so this
// file is written in the JavaScript of 2009.
'use strict';

var wanted = [20, 19];
var found = process.versions.node.split('.').map(Number);
if (found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < wanted[1])) {
  var message = 'Node.js ' + process.versions.node + ' is too old: BatchNorm Lab needs ' + wanted.join('.');
  console.error(message + ' or newer (https://nodejs.org).');
  process.exit(1);
}
