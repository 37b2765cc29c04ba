// SPDX-License-Identifier: MIT
//
// npm's unmodified socket.io-client. It recovers by what it keeps itself: pid and offset.
import { io } from "socket.io-client";
import { Device } from "./device.mjs";

const namespace = "/io/user/notifications";

class SocketIoDevice extends Device {
  #before = false; // it has been connected

  open() {
    this.socket = io(`http://notify.invalid${namespace}`, {
      forceNew: true,
      transports: [this.transport],
      agent: this.wire,
      reconnectionDelay: 100,
      reconnectionDelayMax: 1000,
      auth: (give) => this.site.proof(this.user).then(give),
    });
    this.socket.on("notification", (event) => this.tookNotification(event));
    this.socket.on("internal", (event) => this.tookInternal(event));
    this.socket.on("connect", () => this.#connected());
    this.socket.on("disconnect", (reason) => this.#disconnected(reason));
    this.socket.on("connect_error", (e) => this.#failed(e));
  }

  close() {
    this.socket.disconnect();
    this.wire.destroy();
  }

  // A connection that breaks is tried again by the client itself, with what it knows.
  retry() {
    this.socket.active && this.socket.connected ? this.socket.io.engine.close() : this.socket.connect();
  }

  #connected() {
    if (this.#before) this.tookRecovery(this.socket.recovered);
    this.#before = true;
  }

  #disconnected(reason) {
    this.subscribed = false;
    this.note(`disconnected: ${reason}`);
    if (!this.socket.active) this.tookRefusal();
  }

  #failed(error) {
    this.note(`cannot connect: ${error.message}`);
    if (!this.socket.active) this.tookRefusal();
  }
}

export class WebSocketDevice extends SocketIoDevice {
  transport = "websocket";
}

export class PollingDevice extends SocketIoDevice {
  transport = "polling";
}
